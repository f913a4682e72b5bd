package dev.runcast.http.course;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.runcast.engine.execution.Holdup;
import dev.runcast.http.api.answer.RunView;
import dev.runcast.store.execution.Course;
import java.io.IOException;
import java.util.Optional;

/** The course of a run as clients take it. What is absent is left out. */
final class CourseView {
  private CourseView() {}

  static void write(RunView view, Course course, Optional<Holdup> holdup) throws IOException {
    Course.Stand stand = course.stand();
    if (stand != null) {
      view.text("status", stand.status().name());
      view.time("since", stand.since());
      view.text("description", stand.description());
    }
    if (holdup.isPresent()) {
      holdup(view, course, holdup.get());
    }
    JsonGenerator json = view.json();
    json.writeArrayFieldStart("attempts");
    for (Course.Attempt attempt : course.attempts()) {
      json.writeStartObject();
      json.writeNumberField("number", attempt.number());
      view.text("version", attempt.version());
      view.time("startedAt", attempt.startedAt());
      view.time("endedAt", attempt.endedAt());
      view.error(attempt.error());
      view.time("retryAt", attempt.retryAt());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("waits");
    for (Course.Wait wait : course.waits()) {
      wait(view, wait);
    }
    json.writeEndArray();
    if (course.moreWaits() > 0) {
      json.writeNumberField("moreWaits", course.moreWaits());
    }
  }

  private static void holdup(RunView view, Course course, Holdup holdup) throws IOException {
    Course.Turn turn = course.turn();
    JsonGenerator json = view.json();
    json.writeObjectFieldStart("holdup");
    view.text("reason", holdup.reason().name());
    view.time("until", holdup.until());
    view.text("queue", turn.queue());
    view.text("concurrencyKey", turn.key());
    view.text("version", course.subject().lockedVersion());
    if (turn.limit() != null) {
      json.writeNumberField("limit", turn.limit());
    }
    json.writeNumberField("running", turn.running());
    json.writeNumberField("ahead", turn.ahead());
    json.writeEndObject();
  }

  private static void wait(RunView view, Course.Wait wait) throws IOException {
    JsonGenerator json = view.json();
    json.writeStartObject();
    view.text("kind", wait.kind());
    view.text("id", wait.target());
    view.text("input", wait.input());
    view.text("taskIdentifier", wait.task());
    view.text("status", wait.status() == null ? null : wait.status().apiName());
    view.text("batchId", wait.batch());
    if (wait.batchIndex() != null) {
      json.writeNumberField("batchIndex", wait.batchIndex());
    }
    view.time("until", wait.until());
    json.writeBooleanField("ended", wait.ended());
    json.writeEndObject();
  }
}

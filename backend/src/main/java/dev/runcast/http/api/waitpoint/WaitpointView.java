package dev.runcast.http.api.waitpoint;

import dev.runcast.http.api.answer.RunView;
import dev.runcast.http.api.list.Paging;
import dev.runcast.store.Page;
import dev.runcast.store.waitpoint.Waitpoint;
import dev.runcast.wire.Columns;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Waitpoints as REST shows them. What there is nothing of is left out. */
final class WaitpointView {
  private WaitpointView() {}

  /**
   * The text of one, with what it was completed with.
   *
   * @param waiting the runs that wait for it, as far as they may be told
   */
  static String one(Waitpoint waitpoint, CallbackLinks links, Map<String, List<String>> waiting) {
    return RunView.object(
        Columns.ALL,
        view -> {
          common(view, waitpoint, links);
          waiting(view, waitpoint, waiting);
          output(view, waitpoint.end());
        });
  }

  /** The text of a page of them. */
  static String list(
      Page page,
      Page.Found<Waitpoint> found,
      CallbackLinks links,
      Map<String, List<String>> waiting) {
    return RunView.object(
        Columns.ALL,
        view -> {
          view.json().writeArrayFieldStart("data");
          for (Waitpoint waitpoint : found.items()) {
            view.json().writeStartObject();
            common(view, waitpoint, links);
            waiting(view, waitpoint, waiting);
            view.json().writeEndObject();
          }
          view.json().writeEndArray();
          Paging.write(view.json(), page, found);
        });
  }

  private static void common(RunView view, Waitpoint waitpoint, CallbackLinks links)
      throws IOException {
    view.text("id", waitpoint.id().value());
    view.text("url", links.link(waitpoint.id(), waitpoint.callback()));
    view.text("status", waitpoint.status().name());
    view.time("completedAt", waitpoint.end() == null ? null : waitpoint.end().at());
    view.time("timeoutAt", waitpoint.times().timeoutAt());
    if (waitpoint.key() != null) {
      view.text("idempotencyKey", waitpoint.key().text());
      view.time("idempotencyKeyExpiresAt", waitpoint.key().expiresAt());
    }
    view.texts("tags", waitpoint.tags());
    view.time("createdAt", waitpoint.times().createdAt());
  }

  private static void waiting(RunView view, Waitpoint waitpoint, Map<String, List<String>> waiting)
      throws IOException {
    List<String> runs = waiting.get(waitpoint.id().value());
    if (runs != null) {
      view.texts("waitingRuns", runs);
    }
  }

  private static void output(RunView view, Waitpoint.@Nullable End end) throws IOException {
    Waitpoint.Output output = end == null ? null : end.output();
    if (output != null) {
      view.text("output", output.text());
      view.text("outputType", output.type());
      view.json().writeBooleanField("outputIsError", output.isError());
    }
  }
}

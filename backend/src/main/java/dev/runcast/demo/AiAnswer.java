package dev.runcast.demo;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** An answer that takes seconds, is told word by word, and shows in its metadata how far it is. */
final class AiAnswer implements DemoTask {
  private static final List<String> QUESTIONS =
      List.of(
          "Why is the sky blue?",
          "How do tides work?",
          "What is a write-ahead log?",
          "Who was Ada Lovelace?");
  private static final List<String> WORDS =
      List.of("In", "short,", "it", "depends", "on", "how", "closely", "one", "looks.");

  private final Worker worker;

  AiAnswer(Worker worker) {
    this.worker = worker;
  }

  @Override
  public Future<Void> run() {
    String question = QUESTIONS.get(worker.random().nextInt(QUESTIONS.size()));
    JsonObject payload = new JsonObject().put("question", question);
    return worker
        .api()
        .trigger("demo-ai-answer", payload, Worker.tagged("user:" + worker.random().nextInt(5)))
        .compose(run -> worker.work(run, () -> write(run, 1)));
  }

  private Future<Void> write(String run, int words) {
    String text = String.join(" ", WORDS.subList(0, words));
    Future<Void> said = worker.api().say(run, "answer", WORDS.get(words - 1) + " ");
    if (words == WORDS.size()) {
      return said.compose(last -> worker.api().complete(run, new JsonObject().put("answer", text)));
    }
    double progress = Math.round(100.0 * words / WORDS.size()) / 100.0;
    JsonObject soFar = new JsonObject().put("progress", progress).put("text", text);
    return said.compose(word -> worker.api().report(run, soFar))
        .compose(reported -> worker.pause(250, 700))
        .compose(later -> write(run, words + 1));
  }
}

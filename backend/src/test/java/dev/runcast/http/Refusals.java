package dev.runcast.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.http.Caller.Reply;
import java.util.Arrays;
import java.util.List;

/** What every refusal has to be like. */
final class Refusals {
  private Refusals() {}

  /** A refusal with one of these statuses, in words that the client can show. */
  static void refused(String call, Reply reply, Integer... statuses) {
    assertThat(reply.status()).as("%s: %s", call, reply).isIn(List.of(statuses));
    if (call.startsWith("HEAD ")) {
      return;
    }
    assertThat(reply.header("content-type").orElse("")).as(call).startsWith("application/json");
    assertThat(reply.error()).as("%s: %s", call, reply).matches("(?s)[A-Za-z_\\[].{14,}[.]");
    boolean worthTrying = Arrays.asList(408, 429, 503).contains(reply.status());
    assertThat(reply.header("x-should-retry")).as(call).contains(Boolean.toString(worthTrying));
    assertThat(reply.header("access-control-allow-origin")).as(call).contains("*");
  }

  /** Either done or refused; never a failure of the server's. */
  static void answered(String call, Reply reply) {
    if (reply.status() >= 300) {
      refused(call, reply, 400, 403, 404, 405, 412, 413, 415, 422);
    }
  }
}

package dev.runcast.engine.trace;

import dev.runcast.run.RunId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What identifies runs in traces. It follows from their ids, so that nothing need be kept: all runs
 * below one root are of one trace, and each is a span of it.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>
 */
public final class TraceIds {
  private static final int TRACE_BYTES = 16;
  private static final int SPAN_BYTES = 8;

  private TraceIds() {}

  /**
   * The trace of a run, as 32 hexadecimal digits.
   *
   * @param root the run that all began with; null when it is the run itself
   */
  public static String trace(RunId run, @Nullable RunId root) {
    return hash("trace " + (root == null ? run : root).value(), TRACE_BYTES);
  }

  /** The span of a run, as 16 hexadecimal digits. */
  public static String span(RunId run) {
    return hash("span " + run.value(), SPAN_BYTES);
  }

  /** What a run's own spans are to hang on, as the header {@code traceparent}. */
  public static String parent(RunId run, @Nullable RunId root) {
    return "00-" + trace(run, root) + "-" + span(run) + "-01";
  }

  private static String hash(String text, int bytes) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}

package dev.runcast.run.stream;

import dev.runcast.run.EnvironmentId;
import dev.runcast.run.FilterKey;
import dev.runcast.run.RunId;

/**
 * Names a stream of a run. What a run puts out has the name that its task gave it; what is sent in
 * to a run, and what was traced of it, has one that no task can give: {@link #input}, {@link
 * #trace}.
 */
public record StreamKey(EnvironmentId environment, RunId run, String key) {
  /** Names go into the run's own row, whose short columns have few thousand bytes together. */
  public static final int MAX_LENGTH = 128;

  /** How names begin that no task can give. */
  public static final String RESERVED = "$$";

  private static final String INPUT = RESERVED + "input/";
  private static final String TRACE = RESERVED + "trace";

  public StreamKey {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("a stream has a name");
    }
  }

  /** The stream of what is sent in to a run under this name. */
  public static StreamKey input(EnvironmentId environment, RunId run, String name) {
    return new StreamKey(environment, run, INPUT + name);
  }

  /** The stream of the spans and logs of a run. */
  public static StreamKey trace(EnvironmentId environment, RunId run) {
    return new StreamKey(environment, run, TRACE);
  }

  /** Whether a name is that of {@link #trace}. */
  public static boolean isTrace(String name) {
    return name.equals(TRACE);
  }

  /**
   * Whether a task, or who sends in to one, may give this name: the check to make before believing
   * a client.
   */
  public static boolean accepts(String name) {
    return !name.isBlank()
        && name.length() <= MAX_LENGTH
        && !name.startsWith(RESERVED)
        && name.codePoints()
            .noneMatch(
                each ->
                    Character.isISOControl(each) || Character.getType(each) == Character.SURROGATE);
  }

  /** Whether it is one of what is sent in. */
  public boolean isInput() {
    return key.startsWith(INPUT);
  }

  /** The name under which something is sent in, of one for which {@link #isInput} holds. */
  public String inputName() {
    return key.substring(INPUT.length());
  }

  /** Whether a run puts it out, under a name that its task gave it. */
  public boolean isOutput() {
    return !key.startsWith(RESERVED);
  }

  /** What a filter for the whole run is found by. */
  public FilterKey ofRun() {
    return new FilterKey(FilterKey.Kind.RUN, environment, run.value());
  }
}

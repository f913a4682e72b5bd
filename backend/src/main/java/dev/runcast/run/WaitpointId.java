package dev.runcast.run;

import java.util.regex.Pattern;

/**
 * Identifies a waitpoint within its environment. Opaque text of 1 to 64 characters of {@code
 * [A-Za-z0-9_]}.
 */
public record WaitpointId(String value) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_]{1,64}");

  public WaitpointId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "a waitpoint id must be 1 to 64 characters of [A-Za-z0-9_]");
    }
  }

  /** Whether a text may be wrapped at all: the check to make before believing a client. */
  public static boolean accepts(String value) {
    return FORM.matcher(value).matches();
  }

  @Override
  public String toString() {
    return value;
  }
}

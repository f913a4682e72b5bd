package dev.runcast.engine.variable;

/**
 * An environment variable. Its value does not show when it is printed.
 *
 * @param secret whether its value is never told again
 */
public record Variable(String name, String value, boolean secret) {

  @Override
  public String toString() {
    return "Variable[" + name + "]";
  }
}

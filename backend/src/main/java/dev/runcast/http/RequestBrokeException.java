package dev.runcast.http;

/**
 * The body of a request broke off, or is not well-formed HTTP. Nobody's fault of ours and, unlike a
 * refusal, no reason for the client not to come back with the rest.
 */
public final class RequestBrokeException extends RuntimeException {
  public RequestBrokeException(Throwable cause) {
    super("the request broke", cause, false, false);
  }
}

package dev.runcast.wal.pgoutput;

/** Bytes that are not what Postgres documents, or a value whose text form we do not know. */
public final class MalformedMessageException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public MalformedMessageException(String message) {
    super(message);
  }

  public MalformedMessageException(String message, Throwable cause) {
    super(message, cause);
  }
}

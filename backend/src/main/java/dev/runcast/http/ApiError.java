package dev.runcast.http;

import org.jspecify.annotations.Nullable;

/** What a request can be answered with instead of what it asked for. */
public enum ApiError {
  BAD_REQUEST(400, "bad_request", "request", null),
  UNAUTHORIZED(401, "unauthorized", "authentication", "access_token"),
  FORBIDDEN(403, "unauthorized", "authorization", "access_token"),
  NOT_FOUND(404, "not_found", "request", null),
  METHOD_NOT_ALLOWED(405, "method_not_allowed", "request", null),
  TIMEOUT(408, "timeout", "request", null),
  PRECONDITION_FAILED(412, "precondition_failed", "request", "if-match"),
  TOO_LARGE(413, "too_large", "request", null),
  UNSUPPORTED_TYPE(415, "unsupported_type", "request", "content-type"),
  UNPROCESSABLE(422, "unprocessable", "request", null),
  TOO_MANY(429, "too_many", "limit", null),
  INTERNAL(500, "internal", "server", null),
  UNAVAILABLE(503, "unavailable", "server", null),
  BEHIND(504, "behind", "server", "after-position");

  private final int status;
  private final String code;
  private final String type;
  private final @Nullable String param;

  ApiError(int status, String code, String type, @Nullable String param) {
    this.status = status;
    this.code = code;
    this.type = type;
    this.param = param;
  }

  /**
   * The status of HTTP. There is no 409 here: clients of this protocol try it again, so what stays
   * in conflict is a 422.
   */
  public int status() {
    return status;
  }

  /** A word for programs. */
  public String code() {
    return code;
  }

  /** The family it is of, another word for programs. */
  public String type() {
    return type;
  }

  /** What of the request is at fault, unless an exception names it more closely. */
  public @Nullable String param() {
    return param;
  }

  /** Whether the same request, sent again, may fare better: clients go by this header. */
  public boolean isRetryable() {
    return switch (this) {
      case TIMEOUT, TOO_MANY, INTERNAL, UNAVAILABLE, BEHIND -> true;
      default -> false;
    };
  }

  /** The nearest to a status of HTTP that something else chose. */
  static ApiError ofStatus(int status) {
    for (ApiError error : values()) {
      if (error.status == status) {
        return error;
      }
    }
    return status >= 500 ? INTERNAL : BAD_REQUEST;
  }
}

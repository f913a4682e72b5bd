package dev.runcast.http;

import org.jspecify.annotations.Nullable;

/**
 * Carries an {@link ApiError} and a sentence for the client to the one place that answers errors.
 * Handlers throw it or fail a future or the routing context with it. It has no stack trace: it
 * tells of the request, not of this program.
 */
public final class ApiException extends RuntimeException {
  private final ApiError error;
  private final @Nullable String param;

  /**
   * @param message one sentence that names the field, the limit and the cure; it is sent as it is
   */
  public ApiException(ApiError error, String message) {
    this(error, message, error.param());
  }

  /**
   * @param message see {@link #ApiException(ApiError, String)}
   * @param param the field or parameter that is at fault
   */
  public ApiException(ApiError error, String message, @Nullable String param) {
    super(message, null, false, false);
    this.error = error;
    this.param = param;
  }

  /** A request that can't be understood. */
  public static ApiException badRequest(String param, String message) {
    return new ApiException(ApiError.BAD_REQUEST, message, param);
  }

  /** A request that is understood and refused. */
  public static ApiException unprocessable(String param, String message) {
    return new ApiException(ApiError.UNPROCESSABLE, message, param);
  }

  /** Something that does not exist in this environment. */
  public static ApiException notFound(String message) {
    return new ApiException(ApiError.NOT_FOUND, message);
  }

  public ApiError error() {
    return error;
  }

  /** The field or parameter at fault, if it is one. */
  public @Nullable String param() {
    return param;
  }

  /** The sentence for the client. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}

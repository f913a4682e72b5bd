package dev.runcast.tokens;

/** Why a token was refused. The messages are fit to be shown to whoever sent it. */
public enum Rejection {
  TOO_LARGE("The access token is longer than this server accepts."),
  MALFORMED("The access token is not a well-formed public token."),
  UNSIGNED("The access token is not signed."),
  WRONG_ALGORITHM("The access token is not signed with HS256."),
  INCOMPLETE("The access token lacks one of the claims sub, iat and exp."),
  UNKNOWN_ENVIRONMENT("The access token is for an environment that does not exist here."),
  BAD_SIGNATURE("The access token's signature does not match its environment's secret key."),
  NOT_PUBLIC("The access token is not a public token."),
  WRONG_ISSUER("The access token names another issuer."),
  WRONG_AUDIENCE("The access token names another audience."),
  NOT_YET_VALID("The access token is not valid yet."),
  EXPIRED("The access token has expired.");

  private final String message;

  Rejection(String message) {
    this.message = message;
  }

  /** One sentence for the sender; it holds nothing of the token, the keys or the server. */
  public String message() {
    return message;
  }
}

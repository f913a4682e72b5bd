package dev.runcast.tokens;

/** What came of verifying a token. */
public sealed interface Verification {

  /**
   * The token is genuine and in force.
   *
   * @param sha256 of the token's compact text, in lower-case hexadecimal: identifies the token
   *     without being one. A token has only one accepted spelling, so only one such digest.
   * @param signedBy which of the accepted keys vouches for it
   */
  record Valid(PublicToken token, String sha256, SigningKey signedBy) implements Verification {}

  /** The token is worth nothing. */
  record Rejected(Rejection rejection) implements Verification {}
}

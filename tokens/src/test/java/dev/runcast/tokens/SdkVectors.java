package dev.runcast.tokens;

/**
 * Tokens that the official SDK 4.8.3 (with jose 5.10.0) signed by itself, with its clock set to
 * 2026-01-01T00:00:00.123Z and a server that answered its request for claims with {@code sub},
 * {@code pub} and, but for the first two, a {@code jti}. The keys were made up for this.
 */
final class SdkVectors {
  static final String ENVIRONMENT = "env_fake1";
  static final long SIGNED_AT = 1767225600;

  static final String KEY = "tr_dev_FAKEkeyForTestsOnlyFAKEkeyForTestsOnly0123456789";

  /** Shorter than the 32 bytes of an HS256 key. */
  static final String SHORT_KEY = "tr_dev_short";

  /** Longer than the 64 bytes of a SHA-256 block. */
  static final String LONG_KEY = "tr_dev_" + "fake0123456789".repeat(6);

  /** createPublicToken: runs run_1 and run_2, tag user:1, every batch; "1h". */
  static final String READ =
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJlbnZfZmFrZTEiLCJwdWIiOnRydWUsInNjb3BlcyI6WyJyZWFkOnJ1bnM6cnVuXzEiLCJyZWFkOnJ1bnM6cnVuXzIiLCJyZWFkOnRhZ3M6dXNlcjoxIiwicmVhZDpiYXRjaCJdLCJpc3MiOiJodHRwczovL2lkLnRyaWdnZXIuZGV2IiwiYXVkIjoiaHR0cHM6Ly9hcGkudHJpZ2dlci5kZXYiLCJleHAiOjE3NjcyMjkyMDAsImlhdCI6MTc2NzIyNTYwMH0.17r_nGGXtdKOfU2pVo5_4LX6taaDJd4hiCLkNn7ZVI0";

  /** createPublicToken without options. */
  static final String WITHOUT_SCOPES =
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJlbnZfZmFrZTEiLCJwdWIiOnRydWUsImlzcyI6Imh0dHBzOi8vaWQudHJpZ2dlci5kZXYiLCJhdWQiOiJodHRwczovL2FwaS50cmlnZ2VyLmRldiIsImV4cCI6MTc2NzIyNjUwMCwiaWF0IjoxNzY3MjI1NjAwfQ.HM4rG6rHqbEUApvu5AqwfmDOjnviaNOnqy8sbjsU0v0";

  /** createPublicToken: every run without payload and output; expires at 1767300000. */
  static final String SKIPPING_COLUMNS =
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJlbnZfZmFrZTEiLCJwdWIiOnRydWUsImp0aSI6InRva19mYWtlanRpMDAwMSIsInNjb3BlcyI6WyJyZWFkOnJ1bnMiXSwicmVhbHRpbWUiOnsic2tpcENvbHVtbnMiOlsicGF5bG9hZCIsIm91dHB1dCJdfSwiaXNzIjoiaHR0cHM6Ly9pZC50cmlnZ2VyLmRldiIsImF1ZCI6Imh0dHBzOi8vYXBpLnRyaWdnZXIuZGV2IiwiZXhwIjoxNzY3MzAwMDAwLCJpYXQiOjE3NjcyMjU2MDB9.o5ugHINL7llsU8HFJtDpWcb7AEradkyucixOEOi8Glc";

  /** createTriggerPublicToken: two tasks, the second {@link #ODD_TASK}; "2h", one use. */
  static final String TRIGGER_ONCE =
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJlbnZfZmFrZTEiLCJwdWIiOnRydWUsImp0aSI6InRva19mYWtlanRpMDAwMiIsIm90dSI6dHJ1ZSwic2NvcGVzIjpbInRyaWdnZXI6dGFza3M6c2VuZC1lbWFpbCIsInRyaWdnZXI6dGFza3M6YTxiPiYnXCLDqeKAqPCfmIAveCJdLCJpc3MiOiJodHRwczovL2lkLnRyaWdnZXIuZGV2IiwiYXVkIjoiaHR0cHM6Ly9hcGkudHJpZ2dlci5kZXYiLCJleHAiOjE3NjcyMzI4MDAsImlhdCI6MTc2NzIyNTYwMH0.gInmlqMrA2Ye5I4V5zLI5oZxc0v1iA256TNUvVKSGWs";

  static final String ODD_TASK = "a<b>&'\"\u00e9\u2028\ud83d\ude00/x";

  /** createBatchTriggerPublicToken: "7 days", multiple use, under the short key. */
  static final String BATCH_TRIGGER_SHORT_KEY =
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJlbnZfZmFrZTEiLCJwdWIiOnRydWUsImp0aSI6InRva19mYWtlanRpMDAwMyIsIm90dSI6ZmFsc2UsInNjb3BlcyI6WyJiYXRjaFRyaWdnZXI6dGFza3M6c2VuZC1lbWFpbCJdLCJpc3MiOiJodHRwczovL2lkLnRyaWdnZXIuZGV2IiwiYXVkIjoiaHR0cHM6Ly9hcGkudHJpZ2dlci5kZXYiLCJleHAiOjE3Njc4MzA0MDAsImlhdCI6MTc2NzIyNTYwMH0._W-Lf8dNXw1II_5nFU-ZtVq948ux7TJImGo1TgyoRAY";

  /** createPublicToken: admin, a Date as expiry, under the long key. */
  static final String ADMIN_LONG_KEY =
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJlbnZfZmFrZTEiLCJwdWIiOnRydWUsImp0aSI6InRva19mYWtlanRpMDAwNCIsInNjb3BlcyI6WyJhZG1pbiJdLCJpc3MiOiJodHRwczovL2lkLnRyaWdnZXIuZGV2IiwiYXVkIjoiaHR0cHM6Ly9hcGkudHJpZ2dlci5kZXYiLCJleHAiOjE3NjczMDAwMDAsImlhdCI6MTc2NzIyNTYwMH0.I3VHOorghe2jlEtZYUQd6xMxyAiqrPDn4jIBxHK4uVc";

  private SdkVectors() {}
}

package dev.runcast.app;

/** The process. Exit codes: 0 done, 1 a defect of ours, 2 something the operator can put right. */
public final class Main {
  private Main() {}

  /** Runs one command; one that serves returns when it has started, and its threads go on. */
  public static void main(String[] arguments) {
    int exitCode = Commands.all().execute(arguments);
    if (exitCode != ServeCommand.GOES_ON) {
      System.exit(exitCode);
    }
  }
}

package dev.runcast.app;

import dev.runcast.app.command.Commands;
import dev.runcast.app.command.ServeCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process. Exit codes: 0 done, 1 a defect of ours, 2 something the operator can put right. */
public final class Main {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  private Main() {}

  /** Runs one command; one that serves returns when it has started, and its threads go on. */
  public static void main(String[] arguments) {
    Thread.setDefaultUncaughtExceptionHandler(Main::die);
    int exitCode = Commands.all().execute(arguments);
    if (exitCode != ServeCommand.GOES_ON) {
      System.exit(exitCode);
    }
  }

  /**
   * A thread of ours, such as the tail's, has ended by an error that nothing is prepared for. A
   * service that goes on without it looks alive and tells nothing; one that is started again works.
   */
  private static void die(Thread thread, Throwable why) {
    try {
      LOG.error("the thread {} has failed for good; the process ends", thread.getName(), why);
    } finally {
      Runtime.getRuntime().halt(1);
    }
  }
}

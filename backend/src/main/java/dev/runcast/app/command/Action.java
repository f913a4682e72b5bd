package dev.runcast.app.command;

import picocli.CommandLine.ParseResult;

/** What a command does: a function of its command line. */
@FunctionalInterface
interface Action {
  /**
   * Does it. Blocks.
   *
   * @return the process's exit code
   * @throws dev.runcast.config.CannotStartException for what the operator can put right
   */
  int run(ParseResult parsed);
}

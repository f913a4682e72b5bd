package dev.runcast.app.command;

import dev.runcast.config.CannotStartException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The commands there are, and how one is run. */
public final class Commands {
  private static final Logger log = LoggerFactory.getLogger(Commands.class);
  private static final int DEFECT = 1;
  private static final int OPERATOR = 2;

  private Commands() {}

  /** The whole command line. */
  public static CommandLine all() {
    CommandSpec root =
        group("runcast", "Background runs that people watch live.")
            .addSubcommand("up", ServeCommand.up())
            .addSubcommand("serve", ServeCommand.serve())
            .addSubcommand("token", TenantCommands.token())
            .addSubcommand("project", TenantCommands.project())
            .addSubcommand("env", TenantCommands.environment());
    return new CommandLine(root).setExecutionStrategy(Commands::run);
  }

  /** A command that does something. */
  static CommandSpec leaf(String name, String description, Action action) {
    CommandSpec spec =
        CommandSpec.wrapWithoutInspection(action).name(name).mixinStandardHelpOptions(true);
    spec.usageMessage()
        .description(description)
        .abbreviateSynopsis(true)
        .sortOptions(false)
        .width(100);
    return spec;
  }

  /** A command that only has others under it; by itself it prints its help. */
  static CommandSpec group(String name, String description) {
    CommandSpec spec =
        leaf(
            name,
            description,
            parsed -> {
              parsed.commandSpec().commandLine().usage(System.out);
              return 0;
            });
    spec.usageMessage().synopsisSubcommandLabel("COMMAND");
    return spec;
  }

  private static int run(ParseResult parsed) {
    Integer help = CommandLine.executeHelpRequest(parsed);
    if (help != null) {
      return help;
    }
    ParseResult innermost = parsed;
    while (innermost.hasSubcommand()) {
      innermost = innermost.subcommand();
    }
    return run(innermost.commandSpec(), innermost);
  }

  private static int run(CommandSpec command, ParseResult parsed) {
    try {
      return ((Action) command.userObject()).run(parsed);
    } catch (CannotStartException e) {
      String problems = String.valueOf(e.getMessage());
      problems.lines().forEach(line -> System.err.println("runcast: " + line));
      return OPERATOR;
    } catch (RuntimeException e) {
      log.error("unexpected end", e);
      return DEFECT;
    }
  }
}

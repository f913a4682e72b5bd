package dev.runcast.app.command;

import dev.runcast.config.CannotStartException;
import dev.runcast.config.Settings;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.revocation.Revocation.Kind;
import dev.runcast.store.revocation.RevocationTable.Order;
import dev.runcast.tokens.Scope;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code runcast token revoke}: takes public tokens back before their time. Running nodes hear of
 * it as of any write.
 */
final class RevokeCommand {
  private static final String JTI = "--jti";
  private static final String SCOPE = "--scope";
  private static final String ALL = "--all";
  private static final String ISSUED_BEFORE = "--issued-before";

  private RevokeCommand() {}

  static CommandSpec spec() {
    CommandSpec spec =
        Commands.leaf(
            "revoke",
            "Take public tokens back before their time: one, all that carry a scope, or all of an"
                + " environment. What they have opened ends at once.",
            RevokeCommand::revoke);
    spec.addOption(text(JTI, "JTI", "The token with this id, which is the claim jti in it."));
    spec.addOption(text(SCOPE, "SCOPE", "All tokens that carry this scope, as read:runs:run_1."));
    spec.addOption(
        OptionSpec.builder(ALL)
            .type(boolean.class)
            .description("All tokens of the environment.")
            .build());
    spec.addOption(
        text(
            ISSUED_BEFORE,
            "INSTANT",
            "Only those issued before, as 2026-01-02T03:04:05Z. (default now; not with --jti)"));
    return TenantCommands.common(spec);
  }

  private static OptionSpec text(String flag, String label, String help) {
    return OptionSpec.builder(flag).paramLabel(label).type(String.class).description(help).build();
  }

  /** What is asked for, before it is known in which environment. */
  private record Asked(Kind kind, String subject, @Nullable Instant issuedBefore) {
    Order in(EnvironmentId environment) {
      return new Order(environment, kind, subject, issuedBefore, null);
    }
  }

  private static int revoke(ParseResult parsed) {
    Asked asked = asked(parsed);
    Settings settings = SettingsOptions.loadWithoutPresets(parsed);
    OneShot.run(
        settings,
        tenants ->
            tenants
                .open(TenantCommands.project(parsed), TenantCommands.slug(parsed))
                .compose(opened -> tenants.revoke(asked.in(opened.environment()))));
    System.out.println("Revoked.");
    return 0;
  }

  private static Asked asked(ParseResult parsed) {
    String jti = parsed.matchedOptionValue(JTI, "");
    String scope = parsed.matchedOptionValue(SCOPE, "");
    boolean all = parsed.matchedOptionValue(ALL, false);
    int ways = (jti.isEmpty() ? 0 : 1) + (scope.isEmpty() ? 0 : 1) + (all ? 1 : 0);
    if (ways != 1) {
      throw new CannotStartException(
          "Name what is to be revoked: one of --jti, --scope and --all.");
    }
    String before = parsed.matchedOptionValue(ISSUED_BEFORE, "");
    if (!jti.isEmpty()) {
      if (!before.isEmpty()) {
        throw new CannotStartException("--issued-before means nothing with --jti: leave it out.");
      }
      return new Asked(Kind.TOKEN, jti, null);
    }
    Instant instant = before.isEmpty() ? Instant.now() : instant(before);
    if (all) {
      return new Asked(Kind.ENVIRONMENT, "", instant.truncatedTo(ChronoUnit.MICROS));
    }
    return new Asked(Kind.SCOPE, scope(scope), instant.truncatedTo(ChronoUnit.MICROS));
  }

  private static String scope(String text) {
    try {
      return Scope.parse(text).toString();
    } catch (IllegalArgumentException e) {
      throw new CannotStartException(
          "--scope is '" + text + "': give one as tokens carry it, such as read:runs:run_1.", e);
    }
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new CannotStartException(
          "--issued-before is '" + text + "': give an instant such as 2026-01-02T03:04:05Z.", e);
    }
  }
}

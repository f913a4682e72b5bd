package dev.runcast.app.command;

import dev.runcast.app.tenant.Tenants;
import dev.runcast.config.CannotStartException;
import dev.runcast.config.Section;
import dev.runcast.config.Settings;
import dev.runcast.keys.Credential;
import dev.runcast.tokens.Expiry;
import dev.runcast.tokens.Grants;
import dev.runcast.tokens.SigningKey;
import dev.runcast.tokens.TokenIssuer;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The commands that make projects, environments and tokens. They work on the database itself,
 * beside a running service or without one.
 */
final class TenantCommands {
  private static final String SLUG = "[a-z0-9][a-z0-9-]{0,31}";

  /** Of an environment that is there, or a branch of one. */
  private static final String PLACE = SLUG + "(/[!-}]{1,100})?";

  private static final String REFERENCE = "[A-Za-z0-9_-]{1,64}";
  private static final List<String> ACTIONS = List.of("read", "write", "trigger", "batchTrigger");

  private TenantCommands() {}

  /** Makes a public token, as {@code runcast token --read runs:run_1 --expires 1h}. */
  static CommandSpec token() {
    CommandSpec spec =
        Commands.leaf(
            "token",
            "Print a public access token: it grants what is listed, in one environment, and expires.",
            TenantCommands::token);
    for (String action : ACTIONS) {
      spec.addOption(
          OptionSpec.builder("--" + flag(action))
              .paramLabel("TYPE[:ID]")
              .type(List.class)
              .auxiliaryTypes(String.class)
              .description(
                  "Grant %s, such as %s; may be repeated.".formatted(action, example(action)))
              .build());
    }
    spec.addOption(
        text("--expires", "WHEN", "After how long it ends, such as 15m, 1h or 7d.", "15m"));
    return common(spec).addSubcommand("revoke", RevokeCommand.spec());
  }

  /** {@code project create}. */
  static CommandSpec project() {
    CommandSpec create =
        Commands.leaf(
            "create", "Make a project and print its reference.", TenantCommands::createProject);
    create.addOption(text("--name", "NAME", "What people call it.", "Project"));
    create.addOption(
        text("--reference", "REFERENCE", "What programs call it; generated when not given.", ""));
    SettingsOptions.addWithoutPresetsTo(create, Section.DATABASE, Section.SECURITY);
    return Commands.group("project", "Projects.").addSubcommand("create", create);
  }

  /** {@code env create}, {@code env rotate} and {@code env archive}. */
  static CommandSpec environment() {
    CommandSpec create =
        Commands.leaf(
            "create",
            "Make an environment and print its secret key.",
            parsed -> printKey(parsed, true));
    CommandSpec rotate =
        Commands.leaf(
            "rotate",
            "Give an environment a new secret key and print it; the old one is accepted for a while.",
            parsed -> printKey(parsed, false));
    CommandSpec archive =
        Commands.leaf(
            "archive",
            "Archive a branch, such as --env dev/feature: what runs there is cancelled.",
            TenantCommands::archive);
    return Commands.group("env", "Environments of a project, each with a secret key of its own.")
        .addSubcommand("create", common(create))
        .addSubcommand("rotate", common(rotate))
        .addSubcommand("archive", common(archive));
  }

  private static int token(ParseResult parsed) {
    Grants grants = grants(parsed);
    Expiry expiry = expiry(value(parsed, "--expires"));
    Settings settings = SettingsOptions.loadWithoutPresets(parsed);
    Tenants.Opened opened =
        OneShot.run(settings, tenants -> tenants.open(project(parsed), slug(parsed)));
    TokenIssuer issuer =
        new TokenIssuer(opened.environment().value(), SigningKey.of(opened.secretKey().reveal()));
    System.out.println(issuer.issue(grants, expiry));
    return 0;
  }

  private static int createProject(ParseResult parsed) {
    String given = value(parsed, "--reference");
    String reference =
        given.isEmpty()
            ? "proj_" + Credential.random(20)
            : matching(given, "--reference", REFERENCE);
    String name = value(parsed, "--name");
    String made =
        OneShot.run(
            SettingsOptions.loadWithoutPresets(parsed),
            tenants -> tenants.createProject(reference, name));
    System.out.println(made);
    return 0;
  }

  private static int archive(ParseResult parsed) {
    String project = project(parsed);
    String slug = slug(parsed);
    String archived =
        OneShot.run(
            SettingsOptions.loadWithoutPresets(parsed),
            tenants -> tenants.archiveBranch(project, slug));
    System.out.println(archived);
    return 0;
  }

  private static int printKey(ParseResult parsed, boolean create) {
    String project = project(parsed);
    String slug = create ? matching(value(parsed, "--env"), "--env", SLUG) : slug(parsed);
    Tenants.Opened opened =
        OneShot.run(
            SettingsOptions.loadWithoutPresets(parsed),
            tenants ->
                create
                    ? tenants.createEnvironment(project, slug)
                    : tenants.rotateKey(project, slug));
    System.out.println(opened.secretKey().reveal());
    return 0;
  }

  private static Grants grants(ParseResult parsed) {
    List<String> scopes = new ArrayList<>();
    for (String action : ACTIONS) {
      List<String> things = parsed.matchedOptionValue("--" + flag(action), List.of());
      things.forEach(thing -> scopes.add(action + ":" + thing));
    }
    if (scopes.isEmpty()) {
      throw new CannotStartException(
          "The token would grant nothing: name at least one thing, such as --read tags:user:1.");
    }
    try {
      return Grants.parse(scopes);
    } catch (IllegalArgumentException e) {
      throw new CannotStartException("The token can't be made: " + e.getMessage() + ".", e);
    }
  }

  private static Expiry expiry(String text) {
    try {
      return Expiry.parse(text);
    } catch (IllegalArgumentException e) {
      throw new CannotStartException(
          "--expires is '" + text + "': give a duration such as 15m, 1h or 7d.", e);
    }
  }

  static String project(ParseResult parsed) {
    return matching(value(parsed, "--project"), "--project", REFERENCE);
  }

  static String slug(ParseResult parsed) {
    return matching(value(parsed, "--env"), "--env", PLACE);
  }

  private static String matching(String text, String option, String shape) {
    if (!text.matches(shape)) {
      throw new CannotStartException(
          "%s is '%s': it must match %s.".formatted(option, text, shape));
    }
    return text;
  }

  static CommandSpec common(CommandSpec spec) {
    spec.addOption(text("--project", "REFERENCE", "The project.", Tenants.FIRST_PROJECT));
    spec.addOption(text("--env", "NAME", "The environment.", Tenants.FIRST_ENVIRONMENT));
    SettingsOptions.addWithoutPresetsTo(spec, Section.DATABASE, Section.SECURITY);
    return spec;
  }

  private static OptionSpec text(String flag, String label, String help, String fallback) {
    return OptionSpec.builder(flag)
        .paramLabel(label)
        .type(String.class)
        .defaultValue(fallback)
        .description(help + (fallback.isEmpty() ? "" : " (default " + fallback + ")"))
        .build();
  }

  private static String value(ParseResult parsed, String flag) {
    return parsed.commandSpec().findOption(flag).getValue();
  }

  private static String flag(String action) {
    return action.equals("batchTrigger") ? "batch-trigger" : action;
  }

  private static String example(String action) {
    return action.toLowerCase(java.util.Locale.ROOT).endsWith("trigger")
        ? "tasks:send-email"
        : "runs:run_1 or tags:user:1";
  }
}

package dev.runcast.app.tenant;

import dev.runcast.config.CannotStartException;
import dev.runcast.config.Secret;
import dev.runcast.config.Setting;
import dev.runcast.config.Settings;
import dev.runcast.http.session.KeyHandler;
import dev.runcast.http.session.Sessions.InSession;
import dev.runcast.keys.Credential;
import dev.runcast.keys.KeyVault;
import dev.runcast.run.EnvironmentId;
import dev.runcast.store.revocation.RevocationTable.Order;
import dev.runcast.store.tenant.BranchTable;
import dev.runcast.store.tenant.KeyStore;
import dev.runcast.store.tenant.ProjectStore;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Projects, environments and their secret keys, as an operator makes them. What is stored is sealed
 * on the way in and opened on the way out; nothing blocks.
 */
public final class Tenants {
  /** The project that a new installation begins with. */
  public static final String FIRST_PROJECT = "proj_runcast";

  /** Its environment. */
  public static final String FIRST_ENVIRONMENT = "dev";

  private static final int ID_LENGTH = 20;

  private final ProjectStore projects;
  private final BranchTable branches;
  private final KeyStore keys;
  private final KeyVault vault;
  private final Duration previousFor;

  Tenants(
      ProjectStore projects,
      BranchTable branches,
      KeyStore keys,
      KeyVault vault,
      Duration previousFor) {
    this.projects = projects;
    this.branches = branches;
    this.keys = keys;
    this.vault = vault;
    this.previousFor = previousFor;
  }

  /** An environment and its current secret key. */
  public record Opened(EnvironmentId environment, Secret secretKey) {}

  /**
   * Makes the first project and environment if they are missing, and sees to it that the presets of
   * {@code security} are in force. Nodes that do this at once end up with the same.
   */
  Future<Opened> first(Settings.Security security, Optional<Secret> personalToken) {
    return projects
        .addProject(id("project"), FIRST_PROJECT, "Runcast")
        .compose(made -> addEnvironment(FIRST_PROJECT, FIRST_ENVIRONMENT))
        .compose(made -> letIn(personalToken))
        .compose(in -> find(FIRST_PROJECT, FIRST_ENVIRONMENT))
        .compose(
            environment ->
                security
                    .secretKey()
                    .map(key -> setKey(environment, key))
                    .orElseGet(() -> currentKey(environment))
                    .map(key -> new Opened(environment, key)));
  }

  /**
   * Makes a project.
   *
   * @return its reference; fails with {@link CannotStartException} if it is taken
   */
  public Future<String> createProject(String reference, String name) {
    return projects
        .addProject(id("project"), reference, name)
        .compose(
            made ->
                made
                    ? Future.succeededFuture(reference)
                    : refused(
                        "There is a project '"
                            + reference
                            + "' already: choose another reference."));
  }

  /** Makes an environment with a secret key of its own; a name that is taken is refused. */
  public Future<Opened> createEnvironment(String project, String slug) {
    return addEnvironment(project, slug)
        .compose(
            made ->
                made
                    ? find(project, slug)
                    : refused(
                        "There is no project '"
                            + project
                            + "', or it has an environment '"
                            + slug
                            + "' already."))
        .compose(environment -> rotate(environment, slug));
  }

  /** Gives an environment a new secret key; the one before is accepted for a while. */
  public Future<Opened> rotateKey(String project, String slug) {
    return find(project, slug).compose(environment -> rotate(environment, slug));
  }

  /**
   * Archives a branch, with what runs there.
   *
   * @param slug its environment's name and its own, with a slash between
   * @return its id
   */
  public Future<String> archiveBranch(String project, String slug) {
    int slash = slug.indexOf('/');
    if (slash < 0) {
      return refused(
          "'" + slug + "' is no branch: only branches are archived, such as dev/feature.");
    }
    return find(project, slug.substring(0, slash))
        .compose(environment -> branches.archive(environment, slug.substring(slash + 1)))
        .compose(
            archived ->
                archived
                    .map(branch -> Future.succeededFuture(branch.value()))
                    .orElseGet(() -> refused("There is no branch '" + slug + "' to archive.")));
  }

  /** A new key for who has signed in to it: that session goes on under it. */
  public Future<KeyHandler.NewKey> rotateKey(InSession in) {
    EnvironmentId environment = in.session().environment();
    Secret key = Credential.newSecretKey(in.session().slug()).text();
    return projects
        .setKeyIn(in.digest(), environment, sealed(key), previousFor)
        .map(set -> new KeyHandler.NewKey(key.reveal(), Instant.now().plus(previousFor)));
  }

  /** An environment with its current key, made if it has none in force. */
  public Future<Opened> open(String project, String slug) {
    return find(project, slug)
        .compose(environment -> currentKey(environment).map(key -> new Opened(environment, key)));
  }

  /** Takes public tokens back. */
  public Future<Void> revoke(Order order) {
    return projects.revoke(order);
  }

  private Future<Opened> rotate(EnvironmentId environment, String slug) {
    return setKey(environment, Credential.newSecretKey(slug).text())
        .map(key -> new Opened(environment, key));
  }

  private Future<Boolean> addEnvironment(String project, String slug) {
    return projects.addEnvironment(new EnvironmentId(id("env")), project, slug);
  }

  private Future<Void> letIn(Optional<Secret> personalToken) {
    return personalToken
        .map(token -> Buffer.buffer(new Credential(token).digest()))
        .map(digest -> projects.addPersonalToken(digest, "first"))
        .orElseGet(Future::succeededFuture);
  }

  private Future<EnvironmentId> find(String project, String slug) {
    return projects
        .environment(project, slug)
        .compose(
            found ->
                found
                    .map(Future::succeededFuture)
                    .orElseGet(
                        () ->
                            refused(
                                "Project '" + project + "' has no environment '" + slug + "'.")));
  }

  private Future<Secret> currentKey(EnvironmentId environment) {
    return keys.ofEnvironment(environment)
        .compose(
            found ->
                found.stream()
                    .filter(key -> key.validUntil() == null)
                    .map(key -> Future.succeededFuture(vault.open(key.sealed().getBytes())))
                    .findFirst()
                    .orElseGet(
                        () ->
                            setKey(
                                environment, Credential.newSecretKey(FIRST_ENVIRONMENT).text())));
  }

  private Future<Secret> setKey(EnvironmentId environment, Secret key) {
    return projects
        .setKey(environment, sealed(key), previousFor)
        .compose(
            set ->
                set
                    ? Future.succeededFuture(key)
                    : refused(
                        Setting.SECRET_KEY.label()
                            + " is another environment's key: give each its own."));
  }

  private ProjectStore.NewKey sealed(Secret key) {
    return new ProjectStore.NewKey(
        Buffer.buffer(new Credential(key).digest()),
        Buffer.buffer(vault.seal(key)),
        vault.masterKeyId());
  }

  private static String id(String prefix) {
    return prefix + "_" + Credential.random(ID_LENGTH);
  }

  private static <T> Future<T> refused(String message) {
    return Future.failedFuture(new CannotStartException(message));
  }
}

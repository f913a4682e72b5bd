package dev.runcast.store.tenant;

import static dev.runcast.testing.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.keys.Credential;
import dev.runcast.run.EnvironmentId;
import dev.runcast.store.Database;
import dev.runcast.store.tenant.ProjectStore.NewKey;
import dev.runcast.store.variable.SealedVariable;
import dev.runcast.store.variable.VariableTable;
import dev.runcast.testing.TestPostgres;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProjectStoreIT {
  private static final EnvironmentId DEV = new EnvironmentId("env_dev");
  private static final EnvironmentId PROD = new EnvironmentId("env_prod");

  private Vertx vertx;
  private Database database;
  private ProjectStore projects;
  private KeyStore keys;

  @BeforeEach
  void makeProject() {
    vertx = Vertx.vertx();
    database = Database.open(vertx, TestPostgres.database().options(), Database.Size.DEFAULT);
    projects = new ProjectStore(database);
    keys = new KeyStore(database);
    await(projects.addProject("p1", "proj_one", "One"));
    await(projects.addEnvironment(DEV, "proj_one", "dev"));
    await(projects.addEnvironment(PROD, "proj_one", "prod"));
  }

  @AfterEach
  void close() {
    await(database.close());
    await(vertx.close());
  }

  @Test
  void findsAnEnvironmentByProjectAndName() {
    assertThat(await(projects.environment("proj_one", "dev"))).contains(DEV);
    assertThat(await(projects.environment("proj_one", "staging"))).isEmpty();
    assertThat(await(projects.environment("proj_two", "dev"))).isEmpty();
  }

  @Test
  void makesNothingTwice() {
    assertThat(await(projects.addProject("p2", "proj_one", "Again"))).isFalse();
    assertThat(await(projects.addProject("p1", "proj_two", "Again"))).isFalse();
    assertThat(await(projects.addEnvironment(new EnvironmentId("e3"), "proj_one", "dev")))
        .isFalse();
    assertThat(await(projects.addEnvironment(new EnvironmentId("e3"), "proj_none", "dev")))
        .isFalse();
  }

  @Test
  void aNewKeyTakesOverAndTheOldOneStaysForAWhile() {
    NewKey first = key();
    NewKey second = key();
    await(projects.setKey(DEV, first, Duration.ofHours(1)));

    assertThat(await(projects.setKey(DEV, second, Duration.ofHours(1)))).isTrue();

    assertThat(owner(first)).contains(DEV);
    assertThat(owner(second)).contains(DEV);
    assertThat(await(keys.ofEnvironment(DEV)))
        .extracting(KeyStore.SealedKey::sealed)
        .containsExactly(second.sealed(), first.sealed());
  }

  @Test
  void aKeyWithoutGraceIsRefusedAtOnce() {
    NewKey first = key();
    await(projects.setKey(DEV, first, Duration.ZERO));
    await(projects.setKey(DEV, key(), Duration.ZERO));

    assertThat(owner(first)).isEmpty();
  }

  @Test
  void settingTheSameKeyAgainRotatesNothing() {
    NewKey key = key();
    await(projects.setKey(DEV, key, Duration.ZERO));

    assertThat(await(projects.setKey(DEV, key, Duration.ZERO))).isTrue();

    assertThat(await(keys.ofEnvironment(DEV)))
        .singleElement()
        .satisfies(current -> assertThat(current.validUntil()).isNull());
  }

  @Test
  void aKeyThatWasRotatedAwayCanComeBack() {
    NewKey first = key();
    await(projects.setKey(DEV, first, Duration.ofHours(1)));
    await(projects.setKey(DEV, key(), Duration.ofHours(1)));

    await(projects.setKey(DEV, first, Duration.ofHours(1)));

    assertThat(await(keys.ofEnvironment(DEV)).get(0).sealed()).isEqualTo(first.sealed());
  }

  @Test
  void anotherEnvironmentsKeyIsNotTaken() {
    NewKey key = key();
    NewKey own = key();
    await(projects.setKey(DEV, key, Duration.ofHours(1)));
    await(projects.setKey(PROD, own, Duration.ofHours(1)));

    assertThat(await(projects.setKey(PROD, key, Duration.ZERO))).isFalse();

    assertThat(owner(key)).contains(DEV);
    assertThat(owner(own)).contains(PROD);
  }

  @Test
  void tellsWhichMasterKeysAreInUse() {
    assertThat(await(projects.masterKeyIds())).isEmpty();

    await(projects.setKey(DEV, key("m1"), Duration.ZERO));
    await(projects.setKey(PROD, key("m2"), Duration.ZERO));
    await(projects.setKey(DEV, key("m2"), Duration.ZERO));

    assertThat(await(projects.masterKeyIds())).containsExactly("m2");

    SealedVariable variable = new SealedVariable("A", Buffer.buffer("x"), "m3", null);
    await(new VariableTable(database.autocommit()).put(DEV, List.of(variable)));

    assertThat(await(projects.masterKeyIds())).containsExactlyInAnyOrder("m2", "m3");
  }

  @Test
  void tellsWhereAnEnvironmentBelongs() {
    assertThat(await(projects.home(PROD)))
        .isEqualTo(new ProjectStore.Home("proj_one", "prod", "p1"));
  }

  @Test
  void letsAPersonalTokenInOnce() {
    Buffer digest = Buffer.buffer(Credential.newPersonalToken().digest());
    assertThat(await(projects.anyPersonalToken())).isFalse();

    for (String name : List.of("first", "again")) {
      await(projects.addPersonalToken(digest, name));
    }

    assertThat(await(projects.anyPersonalToken())).isTrue();
  }

  private Optional<EnvironmentId> owner(NewKey key) {
    return await(keys.owner(key.digest())).map(KeyStore.Owner::environment);
  }

  private static NewKey key() {
    return key("m1");
  }

  private static NewKey key(String masterKeyId) {
    Buffer digest = Buffer.buffer(Credential.newSecretKey("dev").digest());
    return new NewKey(digest, digest, masterKeyId);
  }
}

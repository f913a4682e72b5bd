package dev.runcast;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.runcast.hub.Resync;
import dev.runcast.hub.Sink;
import dev.runcast.hub.stream.StreamSink;
import dev.runcast.hub.tally.Follower;
import dev.runcast.hub.tally.Recount;
import dev.runcast.store.feed.FeedReader;
import dev.runcast.store.feed.TallyReader;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who may import whom: data flows one way, from the log to the subscriber. And what we call things.
 */
@AnalyzeClasses(packages = "dev.runcast", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "dev.runcast.";

  /** What each package may know of ours, beside itself; {@code app} wires them all. */
  private static final Map<String, List<String>> KNOWS =
      Map.ofEntries(
          Map.entry("run", List.of()),
          Map.entry("json", List.of()),
          Map.entry("metrics", List.of()),
          Map.entry("config", List.of()),
          Map.entry("tokens", List.of()),
          Map.entry("demo", List.of()),
          Map.entry("keys", List.of("config")),
          Map.entry("embedded", List.of("config")),
          Map.entry("postgres", List.of("config", "embedded")),
          Map.entry("wal", List.of("run", "config")),
          Map.entry("cluster", List.of("run", "config")),
          Map.entry("store", List.of("run")),
          Map.entry("wire", List.of("run", "json")),
          Map.entry("hub", List.of("run", "wire")),
          Map.entry("subscribe", List.of("run", "wire", "hub", "store")),
          Map.entry("engine", List.of("run", "store", "json", "config", "keys")),
          Map.entry(
              "http",
              List.of(
                  "run",
                  "wire",
                  "hub",
                  "subscribe",
                  "store",
                  "engine",
                  "json",
                  "tokens",
                  "metrics")));

  /** The seams: an interface that the product itself implements once is one of these. */
  private static final Set<String> SEAMS =
      Stream.of(
              Sink.class,
              StreamSink.class,
              Resync.class,
              Recount.class,
              Follower.class,
              FeedReader.class,
              TallyReader.class)
          .map(Class::getName)
          .collect(Collectors.toSet());

  @ArchTest
  static void everyPackageKnowsOnlyWhatItMay(JavaClasses all) {
    KNOWS.forEach(
        (name, known) -> {
          String[] allowed =
              Stream.concat(Stream.of(name), known.stream())
                  .map(each -> ROOT + each + "..")
                  .toArray(String[]::new);
          classes()
              .that()
              .resideInAPackage(ROOT + name + "..")
              .should()
              .onlyDependOnClassesThat(
                  not(resideInAPackage("dev.runcast..")).or(resideInAnyPackage(allowed)))
              .allowEmptyShould(name.equals("tokens"))
              .check(all);
        });
  }

  @ArchTest
  static void everyPackageIsListed(JavaClasses all) {
    Set<String> packages =
        all.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> name.startsWith(ROOT))
            .map(name -> name.substring(ROOT.length()).replaceFirst("\\..*", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    packages.remove("app");

    assertThat(KNOWS.keySet()).containsAll(packages);
  }

  @ArchTest
  static final ArchRule noPackagesKnowEachOtherInACircle =
      slices().matching("dev.runcast.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule noHandlerKnowsTheServer =
      noClasses()
          .that()
          .resideInAPackage("dev.runcast.http..")
          .and()
          .resideOutsideOfPackage("dev.runcast.http.server..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.runcast.http.server..");

  @ArchTest
  static final ArchRule runAndHubImportNothingButTheLanguage =
      classes()
          .that()
          .resideInAnyPackage("dev.runcast.run..", "dev.runcast.hub..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("dev.runcast..", "java..", "org.jspecify..");

  @ArchTest
  static final ArchRule theTailAndTheTokensDoNotKnowVertx =
      noClasses()
          .that()
          .resideInAnyPackage("dev.runcast.wal..", "dev.runcast.tokens..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.vertx..");

  @ArchTest
  static final ArchRule sqlIsInTheStore =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.runcast.store..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.vertx.sqlclient..");

  /** The tail's own connections, and what has to be done before there is a pool. */
  @ArchTest
  static final ArchRule jdbcIsInTheTailAndTheSetUp =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.runcast.wal..", "dev.runcast.postgres..", "dev.runcast.embedded..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..", "org.flywaydb..");

  @ArchTest
  static final ArchRule futuresAreVertxFutures =
      noClasses().should().dependOnClassesThat().areAssignableTo(CompletableFuture.class);

  @ArchTest
  static final ArchRule nobodySleeps =
      noClasses()
          .should()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Thread.class, "sleep", long.class, int.class);

  @ArchTest
  static final ArchRule hubKnowsNoOtherThread =
      noClasses()
          .that()
          .resideInAPackage("dev.runcast.hub..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("java.util.concurrent..");

  @ArchTest
  static final ArchRule hubHoldsNoLocks =
      methods()
          .that()
          .areDeclaredInClassesThat()
          .resideInAPackage("dev.runcast.hub..")
          .should()
          .notHaveModifier(JavaModifier.SYNCHRONIZED);

  @ArchTest
  static final ArchRule hubSharesNothing =
      fields()
          .that()
          .areDeclaredInClassesThat()
          .resideInAPackage("dev.runcast.hub..")
          .should()
          .notHaveModifier(JavaModifier.VOLATILE);

  @ArchTest
  static final ArchRule namesSayWhatAThingIs =
      noClasses()
          .should()
          .haveNameMatching(
              ".*(Manager|Helper|Utils?|Impl|Service|Processor)|.*[.$](Abstract|Base)[A-Z]\\w*");

  @ArchTest
  static final ArchRule handlersHandleHttp =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.runcast.http..")
          .should()
          .haveSimpleNameEndingWith("Handler");

  @ArchTest
  static final ArchRule interfacesHaveTwoImplementationsOrAreSeams =
      noClasses().should(new Single());

  /** Implemented by one class: by none means by lambdas, which are as many as there are. */
  private static final class Single extends ArchCondition<JavaClass> {
    Single() {
      super("be an interface with one implementation and no seam");
    }

    @Override
    public void check(JavaClass each, ConditionEvents events) {
      long count = each.getAllSubclasses().stream().filter(one -> !one.isInterface()).count();
      boolean lonely = each.isInterface() && count == 1 && !SEAMS.contains(each.getName());
      events.add(
          new SimpleConditionEvent(each, lonely, each.getName() + " has one implementation"));
    }
  }
}

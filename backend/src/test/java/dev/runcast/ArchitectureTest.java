package dev.runcast;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.concurrent.CompletableFuture;

/** Who may import whom: data flows one way, from the log to the subscriber. */
@AnalyzeClasses(packages = "dev.runcast", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String RUN = "dev.runcast.run..";
  private static final String[] LANGUAGE = {"java..", "org.jspecify.."};

  @ArchTest
  static final ArchRule runImportsNothingButTheLanguage =
      classes()
          .that()
          .resideInAPackage(RUN)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(RUN, LANGUAGE[0], LANGUAGE[1]);

  @ArchTest
  static final ArchRule hubKnowsRunsAndFramesOnly =
      classes()
          .that()
          .resideInAPackage("dev.runcast.hub..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.runcast.hub..", RUN, "dev.runcast.wire..", LANGUAGE[0], LANGUAGE[1]);

  @ArchTest
  static final ArchRule theTailKnowsNeitherVertxNorWhatIsBehindIt =
      noClasses()
          .that()
          .resideInAPackage("dev.runcast.wal..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.vertx..",
              "dev.runcast.cluster..",
              "dev.runcast.hub..",
              "dev.runcast.store..",
              "dev.runcast.http..");

  @ArchTest
  static final ArchRule wireKnowsNoSource =
      noClasses()
          .that()
          .resideInAPackage("dev.runcast.wire..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.runcast.wal..",
              "dev.runcast.hub..",
              "dev.runcast.store..",
              "dev.runcast.http..");

  @ArchTest
  static final ArchRule storeKnowsNobodyThatReadsIt =
      noClasses()
          .that()
          .resideInAPackage("dev.runcast.store..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.runcast.wal..",
              "dev.runcast.hub..",
              "dev.runcast.subscribe..",
              "dev.runcast.http..",
              "dev.runcast.engine..");

  @ArchTest
  static final ArchRule theEngineAndWhatOpensFeedsDoNotKnowTheEdge =
      noClasses()
          .that()
          .resideInAnyPackage("dev.runcast.engine..", "dev.runcast.subscribe..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.runcast.http..", "dev.runcast.wal..", "dev.runcast.app..");

  @ArchTest
  static final ArchRule theEdgeDoesNotKnowTheTail =
      noClasses()
          .that()
          .resideInAPackage("dev.runcast.http..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.runcast.wal..");

  @ArchTest
  static final ArchRule nobodyKnowsTheApp =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.runcast.app..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.runcast.app..");

  @ArchTest
  static final ArchRule futuresAreVertxFutures =
      noClasses().should().dependOnClassesThat().areAssignableTo(CompletableFuture.class);

  @ArchTest
  static final ArchRule nobodySleeps =
      noClasses().should().callMethod(Thread.class, "sleep", long.class);

  @ArchTest
  static final ArchRule hubHoldsNoLocks =
      noClasses()
          .that()
          .resideInAPackage("dev.runcast.hub..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("java.util.concurrent..");
}

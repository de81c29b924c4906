package io.moiety.broker;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The direction of dependencies inside the broker. */
@AnalyzeClasses(packages = "io.moiety.broker", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

  /** The parts that keep and decide: they take bytes, facts and the time, and do no network I/O. */
  private static final String[] DOMAIN = {
    "io.moiety.broker.log..",
    "io.moiety.broker.store..",
    "io.moiety.broker.queue..",
    "io.moiety.broker.topic..",
    "io.moiety.broker.delay..",
    "io.moiety.broker.transaction..",
    "io.moiety.broker.filter..",
    "io.moiety.broker.delivery..",
    "io.moiety.broker.index..",
    "io.moiety.broker.traffic..",
  };

  /** The parts that talk to the world. */
  private static final String[] EDGE = {
    "io.moiety.broker.server..", "io.moiety.broker.console..", "io.moiety.broker.cli..",
  };

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("io.moiety.broker.(*)..").should().beFreeOfCycles().allowEmptyShould(true);

  @ArchTest
  static final ArchRule logKnowsNoOtherPartOfTheBrokerButFigures =
      noClasses()
          .that()
          .resideInAPackage("io.moiety.broker.log..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.moiety.broker..")
                  .and(
                      not(
                          resideInAnyPackage(
                              "io.moiety.broker.log..", "io.moiety.broker.stats.."))))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule domainKnowsBytesNotNetty =
      noClasses()
          .that()
          .resideInAnyPackage(DOMAIN)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.netty..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule domainDoesNotKnowTheEdge =
      noClasses()
          .that()
          .resideInAnyPackage(DOMAIN)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(EDGE)
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule embeddingNeedsNothingOfTheCommandLine =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.moiety.broker.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.moiety.broker.cli..",
              "io.moiety.client..",
              "picocli..",
              "org.slf4j..",
              "ch.qos.logback..")
          .allowEmptyShould(true);
}

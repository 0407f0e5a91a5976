package org.clgrad;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The arrows of docs/architecture.md: who may know whom. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.clgrad");

    /** Classes of a package use the JDK, annotations, SLF4J, and the listed packages, besides their own. */
    private static void mayKnow(String from, String... others) {
        List<String> allowed = new ArrayList<>(List.of(from, "java..", "org.jspecify.annotations..", "org.slf4j"));
        allowed.addAll(List.of(others));
        classes()
                .that()
                .resideInAPackage(from)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(allowed.toArray(String[]::new)))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void arrayKnowsNothingAbove() {
        mayKnow("org.clgrad.array");
    }

    @Test
    void theBackendsWordsKnowArrayOnly() {
        mayKnow("org.clgrad.backend", "org.clgrad.array");
    }

    @Test
    void backendsKnowTheSpiAndTheirOwnTools() {
        mayKnow("org.clgrad.backend.cpu..", "org.clgrad.backend", "org.clgrad.array", "jdk.incubator.vector");
        mayKnow("org.clgrad.backend.opencl..", "org.clgrad.backend", "org.clgrad.array", "org.jocl..");
    }

    @Test
    void autogradKnowsNoOperation() {
        mayKnow("org.clgrad.autograd", "org.clgrad.backend", "org.clgrad.array");
    }

    @Test
    void operationsKnowNoTensor() {
        mayKnow("org.clgrad.op", "org.clgrad.autograd", "org.clgrad.backend", "org.clgrad.array");
    }

    @Test
    void tensorKnowsWhatIsBelow() {
        mayKnow(
                "org.clgrad",
                "org.clgrad.op",
                "org.clgrad.autograd",
                "org.clgrad.backend",
                "org.clgrad.backend.cpu",
                "org.clgrad.backend.opencl",
                "org.clgrad.array");
    }

    @Test
    void optimizersAreFormulas() {
        mayKnow("org.clgrad.optim", "org.clgrad", "org.clgrad.op", "org.clgrad.autograd", "org.clgrad.backend");
    }

    @Test
    void onlyDeviceNamesTheBackends() {
        noClasses()
                .that(not(resideInAnyPackage("org.clgrad.backend.cpu..", "org.clgrad.backend.opencl..")))
                .and()
                .haveNameNotMatching("org\\.clgrad\\.Device(\\$.*)?")
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.clgrad.backend.cpu..", "org.clgrad.backend.opencl.."))
                .check(CLASSES);
    }

    @Test
    void joclAndTheVectorApiStayWhereTheyAre() {
        noClasses()
                .that(not(resideInAPackage("org.clgrad.backend.opencl..")))
                .should()
                .dependOnClassesThat(resideInAPackage("org.jocl.."))
                .check(CLASSES);
        noClasses()
                .that(not(resideInAPackage("org.clgrad.backend.cpu..")))
                .should()
                .dependOnClassesThat(resideInAPackage("jdk.incubator.."))
                .check(CLASSES);
    }

    @Test
    void whatIsMadeOfTensorsIsAbove() {
        noClasses()
                .that(not(resideInAnyPackage(
                        "org.clgrad.nn..", "org.clgrad.cli..", "org.clgrad.data..", "org.clgrad.optim..")))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "org.clgrad.nn..", "org.clgrad.cli..", "org.clgrad.data..", "org.clgrad.optim.."))
                .check(CLASSES);
    }

    @Test
    void theDemosLibrariesAreTheDemosOnly() {
        noClasses()
                .that(not(resideInAPackage("org.clgrad.cli..")))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "ch.qos.logback..", "picocli..", "org.knowm..", "me.tongfei..", "org.clgrad.cli.."))
                .check(CLASSES);
    }

    @Test
    void noCycles() {
        SlicesRuleDefinition.slices()
                .matching("org.clgrad.(**)")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }
}

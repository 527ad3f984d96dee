package io.photophone.app;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.photophone.events.EventData;
import io.photophone.events.EventFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Dependencies follow the data, as the table in `docs/architecture.md` says.
final class LayersTest {
  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.photophone");

  @Test
  void a_module_depends_only_on_what_the_architecture_allows() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("model")
        .definedBy("io.photophone.model")
        .layer("channels")
        .definedBy("io.photophone.channels..")
        .layer("events")
        .definedBy("io.photophone.events..")
        .layer("dsp")
        .definedBy("io.photophone.dsp")
        .layer("analysis")
        .definedBy("io.photophone.analysis..")
        .layer("acquisition")
        .definedBy("io.photophone.acquisition..")
        .layer("server")
        .definedBy("io.photophone.server..")
        .layer("app")
        .definedBy("io.photophone.app..")
        .whereLayer("app")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("server")
        .mayOnlyBeAccessedByLayers("app")
        .whereLayer("acquisition")
        .mayOnlyBeAccessedByLayers("server", "app")
        .whereLayer("analysis")
        .mayOnlyBeAccessedByLayers("app")
        .whereLayer("dsp")
        .mayOnlyBeAccessedByLayers("acquisition", "analysis", "app")
        .whereLayer("model")
        .mayNotAccessAnyLayer()
        .whereLayer("channels")
        .mayNotAccessAnyLayer()
        .whereLayer("events")
        .mayNotAccessAnyLayer()
        .whereLayer("events")
        .mayOnlyBeAccessedByLayers("app")
        .check(PRODUCT);
  }

  /// References are taken at set-up; a callback that asks for one by its name asks for each event.
  @Test
  @Tag("V18")
  void no_callback_looks_up_a_field_by_its_name() {
    noClasses()
        .should()
        .callCodeUnitWhere(
            target(owner(type(EventFormat.class)))
                .and(target(nameMatching("fieldRef|has")))
                .and(describe("made in a lambda", call -> call.isDeclaredInLambda())))
        .check(PRODUCT);
    noClasses()
        .should()
        .callCodeUnitWhere(
            target(owner(type(EventFormat.class)))
                .and(target(nameMatching("fieldRef|has")))
                .and(
                    describe(
                        "made by a method that is given an event",
                        call ->
                            call.getOrigin().getRawParameterTypes().stream()
                                .anyMatch(each -> each.isEquivalentTo(EventData.class)))))
        .check(PRODUCT);
  }

  @Test
  void no_packages_depend_on_each_other_in_a_circle() {
    slices().matching("io.photophone.(**)").should().beFreeOfCycles().check(PRODUCT);
  }
}

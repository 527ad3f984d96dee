package io.photophone.app;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
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
        .check(PRODUCT);
  }

  @Test
  void no_packages_depend_on_each_other_in_a_circle() {
    slices().matching("io.photophone.(**)").should().beFreeOfCycles().check(PRODUCT);
  }
}

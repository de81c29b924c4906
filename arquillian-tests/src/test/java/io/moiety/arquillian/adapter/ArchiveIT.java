package io.moiety.arquillian.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.shrinkwrap.api.ArchivePath;
import org.jboss.shrinkwrap.api.ArchivePaths;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.ResourceAdapterArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive beside the connector specification, as IronJacamar's validator reads it. */
final class ArchiveIT {

  private static final ArchivePath DESCRIPTOR = ArchivePaths.create("META-INF/ra.xml");
  private static final int VALID = 0;
  private static final int FAILURES = 1;

  /** What the validator says, as a number and in words. */
  private record Verdict(int code, String report) {}

  @TempDir Path directory;

  @Test
  void isValidByTheConnectorSpecification() throws Exception {
    Verdict verdict = validate(archive());
    assertThat(verdict.code()).as(verdict.report()).isEqualTo(VALID);
  }

  @Test
  void isNotValidWithAFactoryOfConnectionsThatIsNone() throws Exception {
    ResourceAdapterArchive archive = archive();
    String descriptor =
        new String(
            archive.get(DESCRIPTOR).getAsset().openStream().readAllBytes(), StandardCharsets.UTF_8);
    String wrong =
        descriptor.replace(
            "io.moiety.ra.outbound.MoietyManagedConnectionFactory",
            "io.moiety.ra.MoietyResourceAdapter");
    archive.add(new StringAsset(wrong), DESCRIPTOR);

    Verdict verdict = validate(archive);
    assertThat(verdict.code()).as(verdict.report()).isEqualTo(FAILURES);
  }

  private static ResourceAdapterArchive archive() {
    return ShrinkWrap.create(ZipImporter.class, "moiety-ra.rar")
        .importFrom(new File(System.getProperty("moiety.rar")))
        .as(ResourceAdapterArchive.class);
  }

  /** The validator changes the thread's class loader. */
  private Verdict validate(ResourceAdapterArchive archive) throws Exception {
    Path file = directory.resolve("moiety-ra.rar");
    archive.as(ZipExporter.class).exportTo(file.toFile(), true);
    Path reports = directory.resolve("reports");
    ClassLoader own = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader validator = validator(own)) {
      Object code =
          validator
              .loadClass("org.jboss.jca.validator.Validation")
              .getMethod("validate", URL.class, String.class)
              .invoke(null, file.toUri().toURL(), reports.toString());
      Path report = reports.resolve("moiety-ra.rar.log");
      return new Verdict((Integer) code, Files.exists(report) ? Files.readString(report) : "");
    } finally {
      Thread.currentThread().setContextClassLoader(own);
    }
  }

  private static URLClassLoader validator(ClassLoader parent) throws Exception {
    File[] jars = new File(System.getProperty("validator.home")).listFiles();
    URL[] urls = new URL[jars.length];
    for (int i = 0; i < jars.length; i++) {
      urls[i] = jars[i].toURI().toURL();
    }
    return new URLClassLoader(urls, parent);
  }
}

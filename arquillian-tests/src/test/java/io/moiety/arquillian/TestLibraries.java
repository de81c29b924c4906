package io.moiety.arquillian;

import java.io.File;
import java.net.URISyntaxException;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.hamcrest.Matcher;
import org.jboss.arquillian.container.test.spi.client.deployment.AuxiliaryArchiveAppender;
import org.jboss.arquillian.core.spi.LoadableExtension;
import org.jboss.shrinkwrap.api.Archive;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.JavaArchive;

/** Takes the assertion libraries into the server with every deployment that runs tests there. */
public final class TestLibraries implements LoadableExtension, AuxiliaryArchiveAppender {

  /** One class of each library. */
  private static final List<Class<?>> LIBRARIES =
      List.of(Assertions.class, Awaitility.class, Matcher.class);

  @Override
  public void register(ExtensionBuilder builder) {
    builder.service(AuxiliaryArchiveAppender.class, TestLibraries.class);
  }

  @Override
  public Archive<?> createAuxiliaryArchive() {
    ZipImporter archive = ShrinkWrap.create(ZipImporter.class, "test-libraries.jar");
    LIBRARIES.forEach(library -> archive.importFrom(jarOf(library)));
    return archive.as(JavaArchive.class);
  }

  private static File jarOf(Class<?> type) {
    try {
      return new File(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the jar of " + type + " has no file name", e);
    }
  }
}

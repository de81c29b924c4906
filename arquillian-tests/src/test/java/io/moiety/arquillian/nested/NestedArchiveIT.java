package io.moiety.arquillian.nested;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.ejb.EJB;
import jakarta.ejb.EJBException;
import java.io.File;
import java.util.UUID;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.OperateOnDeployment;
import org.jboss.arquillian.container.test.api.Testable;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.ClassLoaderAsset;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.jboss.shrinkwrap.api.spec.ResourceAdapterArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/**
 * Several instances of the adapter in one server: the server's own, one inside an EAR, and on some
 * servers one more for each factory that the EAR defines. All follow one store.
 */
@ArquillianTest
final class NestedArchiveIT {

  @EJB private NestedOrders orders;

  private final String id = UUID.randomUUID().toString();

  @Deployment(name = "adapter", order = 1, testable = false)
  static ResourceAdapterArchive adapter() {
    return archive("moiety-ra.rar");
  }

  @Deployment(name = "application", order = 2)
  static EnterpriseArchive application() {
    WebArchive web =
        ShrinkWrap.create(WebArchive.class, "nested.war")
            .addPackage(NestedArchiveIT.class.getPackage())
            .addAsWebInfResource("adapter/web.xml", "web.xml")
            .addAsWebInfResource("adapter/jboss-web.xml", "jboss-web.xml")
            .addAsWebInfResource("adapter/glassfish-web.xml", "glassfish-web.xml")
            .addAsWebInfResource("nested/jboss-ejb3.xml", "jboss-ejb3.xml")
            .addAsWebInfResource("nested/glassfish-ejb-jar.xml", "glassfish-ejb-jar.xml");
    return ShrinkWrap.create(EnterpriseArchive.class, "nested.ear")
        .addAsModule(
            archive("moiety-nested.rar")
                .add(new ClassLoaderAsset("nested/ironjacamar.xml"), "META-INF/ironjacamar.xml"))
        .addAsModule(Testable.archiveToTest(web))
        .addAsManifestResource("adapter/glassfish-resources.xml", "glassfish-resources.xml");
  }

  private static ResourceAdapterArchive archive(String name) {
    return ShrinkWrap.create(ZipImporter.class, name)
        .importFrom(new File(System.getProperty("moiety.rar")))
        .as(ResourceAdapterArchive.class);
  }

  @Test
  @OperateOnDeployment("application")
  void sendsAndReceivesThroughTheAdapterOfItsArchive() {
    orders.send(id);

    await().until(() -> NestedBean.timesSeen(id) == 2);
  }

  @Test
  @OperateOnDeployment("application")
  void transactionsOfTheAdapterOfItsArchiveRollBack() {
    String after = "after " + id;
    assertThatThrownBy(() -> orders.sendAndThrow(id)).isInstanceOf(EJBException.class);

    orders.send(after);
    await().until(() -> NestedBean.timesSeen(after) == 2);
    assertThat(NestedBean.timesSeen(id)).isZero();
  }

  @Test
  @OperateOnDeployment("application")
  void receivesWhatTheServersAdapterSends() {
    orders.sendByTheServers(id);

    await().until(() -> NestedBean.timesSeen(id) == 1);
  }
}

package io.moiety.arquillian.orders;

import io.moiety.arquillian.server.Postgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.zip.ZipFile;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** The archives of this package's application: the adapter, and the same orders for all servers. */
public final class Application {

  /** Of the broker: no test waits as long as people do until it asks for an outcome. */
  public static final String BROKER_PROPERTIES =
      "transactionTimeOut=3000;transactionCheckInterval=2000";

  private Application() {}

  /** In the order in which they are deployed. */
  public static List<Path> archives(Path directory, Mode mode) throws IOException {
    Path orders = Files.createDirectories(directory).resolve("orders.ear");
    ShrinkWrap.create(EnterpriseArchive.class, "orders.ear")
        .addAsModule(war(mode))
        .as(ZipExporter.class)
        .exportTo(orders.toFile(), true);
    return List.of(adapter(), orders);
  }

  /** With what a mode needs in the database: for CHECK_BACK the table, as the archive has it. */
  public static Postgres database() throws IOException, SQLException {
    Postgres database = Postgres.start();
    try (ZipFile archive = new ZipFile(adapter().toFile());
        InputStream ddl = archive.getInputStream(archive.getEntry("ddl/postgresql.sql"))) {
      database.execute(new String(ddl.readAllBytes(), StandardCharsets.UTF_8));
    }
    return database;
  }

  public static Path adapter() {
    return Path.of(System.getProperty("moiety.rar"));
  }

  private static WebArchive war(Mode mode) {
    String ofMode = "application/" + mode.configuration() + "/";
    WebArchive war =
        ShrinkWrap.create(WebArchive.class, "orders.war")
            .addClasses(Orders.class, IncomingOrders.class, OrdersServlet.class)
            .addAsWebInfResource("application/web.xml", "web.xml")
            .addAsWebInfResource(ofMode + "jboss-web.xml", "jboss-web.xml")
            .addAsWebInfResource("application/glassfish-web.xml", "glassfish-web.xml")
            .addAsWebInfResource(ofMode + "glassfish-ejb-jar.xml", "glassfish-ejb-jar.xml");
    return mode == Mode.CHECK_BACK
        ? war.addAsWebInfResource(ofMode + "jboss-ejb3.xml", "jboss-ejb3.xml")
        : war;
  }
}

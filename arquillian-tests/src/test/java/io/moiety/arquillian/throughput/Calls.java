package io.moiety.arquillian.throughput;

import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/** One insert and one message in the container's transaction. Runs inside the server. */
@Stateless
public class Calls {
  private static final String TEXT = "x".repeat(1024);

  @Resource(lookup = "java:jboss/datasources/Orders")
  private DataSource plainDatabase;

  @Resource(lookup = "java:jboss/datasources/OrdersXA")
  private DataSource xaDatabase;

  @Resource(lookup = "java:/MoietyCheckBack")
  private ConnectionFactory checkBack;

  @Resource(lookup = "java:/MoietyXA")
  private ConnectionFactory xa;

  @Resource(lookup = "java:/JmsXA")
  private ConnectionFactory artemis;

  public void call(Kind kind, String id) throws SQLException {
    switch (kind) {
      case NO_MESSAGE -> insert(plainDatabase, id);
      case CHECK_BACK -> insertAndSend(plainDatabase, checkBack, id);
      case XA -> insertAndSend(xaDatabase, xa, id);
      case ARTEMIS_XA -> insertAndSend(xaDatabase, artemis, id);
    }
  }

  private static void insertAndSend(DataSource database, ConnectionFactory messages, String id)
      throws SQLException {
    insert(database, id);
    try (JMSContext context = messages.createContext()) {
      context.createProducer().send(context.createQueue("throughput"), TEXT);
    }
  }

  private static void insert(DataSource database, String id) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement insert =
            connection.prepareStatement("insert into orders (id) values (?)")) {
      insert.setString(1, id);
      insert.executeUpdate();
    }
  }
}

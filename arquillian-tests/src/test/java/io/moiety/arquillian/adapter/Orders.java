package io.moiety.arquillian.adapter;

import jakarta.annotation.Resource;
import jakarta.annotation.sql.DataSourceDefinition;
import jakarta.ejb.EJBContext;
import jakarta.ejb.EJBException;
import jakarta.ejb.Stateless;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The sending side: a row and two messages in one transaction, and ways to make it fail. */
@DataSourceDefinition(
    name = "java:app/jdbc/orders",
    className = "org.h2.jdbcx.JdbcDataSource",
    url = "jdbc:h2:mem:adapter;DB_CLOSE_DELAY=-1",
    user = "sa",
    password = "")
@Stateless
public class Orders {

  static final String ORDERS = "it-orders";
  static final String AUDIT = "it-audit";

  @Resource private EJBContext context;

  @Resource(lookup = "java:app/jdbc/orders")
  private DataSource dataSource;

  @Resource(name = "jms/orders")
  private ConnectionFactory connectionFactory;

  public void createTable() throws SQLException {
    try (var connection = dataSource.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("create table if not exists orders (id varchar(80) primary key)");
    }
  }

  /** For the test's own work, in the transaction that it has, or none. */
  public ConnectionFactory connectionFactory() {
    return connectionFactory;
  }

  public void place(String id) throws SQLException, JMSException {
    insert(id);
    send(ORDERS, id);
    sendByContext(AUDIT, id);
  }

  public void placeAndThrow(String id) throws SQLException, JMSException {
    place(id);
    throw new EJBException("after the sends");
  }

  public void placeAndSetRollbackOnly(String id) throws SQLException, JMSException {
    place(id);
    context.setRollbackOnly();
  }

  public void insert(String id) throws SQLException {
    try (var connection = dataSource.getConnection();
        PreparedStatement insert =
            connection.prepareStatement("insert into orders (id) values (?)")) {
      insert.setString(1, id);
      insert.executeUpdate();
    }
  }

  public boolean hasRow(String id) throws SQLException {
    try (var connection = dataSource.getConnection();
        PreparedStatement query =
            connection.prepareStatement("select id from orders where id = ?")) {
      query.setString(1, id);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next();
      }
    }
  }

  public void send(String queue, String text) throws JMSException {
    try (Connection connection = connectionFactory.createConnection();
        Session session = connection.createSession()) {
      MessageProducer producer = session.createProducer(session.createQueue(queue));
      producer.send(session.createTextMessage(text));
    }
  }

  private void sendByContext(String queue, String text) {
    try (JMSContext messaging = connectionFactory.createContext()) {
      messaging.createProducer().send(messaging.createQueue(queue), text);
    }
  }
}

package io.moiety.arquillian.orders;

import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A row and a message in one transaction. Runs inside the server. */
@Stateless
public class Orders {
  @Resource(name = "jdbc/orders")
  private DataSource database;

  @Resource(name = "jms/orders")
  private ConnectionFactory messages;

  public void place(String id) {
    insert(id);
    send(id);
  }

  /** A message and nothing else: the transaction does no work in the database. */
  public void announce(String id) {
    send(id);
  }

  private void insert(String id) {
    try (Connection connection = database.getConnection();
        PreparedStatement insert =
            connection.prepareStatement("insert into orders (id) values (?)")) {
      insert.setString(1, id);
      insert.executeUpdate();
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private void send(String id) {
    try (JMSContext context = messages.createContext()) {
      context.createProducer().send(context.createQueue("out"), id);
    }
  }
}

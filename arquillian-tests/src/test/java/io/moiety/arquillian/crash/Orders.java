package io.moiety.arquillian.crash;

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
  @Resource(lookup = "java:jboss/datasources/Postgres")
  private DataSource database;

  @Resource(lookup = "java:/MoietyXA")
  private ConnectionFactory messages;

  public void place(String id) {
    try (Connection connection = database.getConnection();
        PreparedStatement insert =
            connection.prepareStatement("insert into orders (id) values (?)")) {
      insert.setString(1, id);
      insert.executeUpdate();
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
    try (JMSContext context = messages.createContext()) {
      context.createProducer().send(context.createQueue("out"), id);
    }
  }
}

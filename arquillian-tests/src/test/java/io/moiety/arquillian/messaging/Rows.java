package io.moiety.arquillian.messaging;

import jakarta.annotation.Resource;
import jakarta.annotation.sql.DataSourceDefinition;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The database's part of a transaction. */
@DataSourceDefinition(
    name = "java:app/jdbc/messaging",
    className = "org.h2.jdbcx.JdbcDataSource",
    url = "jdbc:h2:mem:messaging;DB_CLOSE_DELAY=-1",
    user = "sa",
    password = "")
@Stateless
@TransactionAttribute(TransactionAttributeType.SUPPORTS)
public class Rows {

  @Resource(lookup = "java:app/jdbc/messaging")
  private DataSource dataSource;

  public void createTable() throws SQLException {
    try (var connection = dataSource.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("create table if not exists placed (id varchar(80) primary key)");
    }
  }

  public void insert(String id) throws SQLException {
    try (var connection = dataSource.getConnection();
        PreparedStatement insert =
            connection.prepareStatement("insert into placed (id) values (?)")) {
      insert.setString(1, id);
      insert.executeUpdate();
    }
  }

  public boolean has(String id) throws SQLException {
    try (var connection = dataSource.getConnection();
        PreparedStatement query =
            connection.prepareStatement("select id from placed where id = ?")) {
      query.setString(1, id);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next();
      }
    }
  }
}

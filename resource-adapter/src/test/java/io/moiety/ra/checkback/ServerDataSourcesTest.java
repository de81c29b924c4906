package io.moiety.ra.checkback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.ra.TestNaming;
import java.lang.reflect.Proxy;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ServerDataSourcesTest {

  private static final String NAME = "jdbc/data-sources-test";
  private static final String COMPLETING = NAME + "__pm";

  private final ServerDataSources payara = new ServerDataSources(true);
  private final ServerDataSources elsewhere = new ServerDataSources(false);
  private final DataSource own = dataSource();
  private final DataSource completing = dataSource();

  @AfterEach
  void unbind() {
    TestNaming.unbind(NAME);
    TestNaming.unbind(COMPLETING);
  }

  @Test
  void findsWhatJoinsATransactionThatCompletesWhereAServerHasOne() throws Exception {
    TestNaming.bind(NAME, own);
    TestNaming.bind(COMPLETING, completing);

    assertThat(payara.find(NAME)).isSameAs(completing);
    assertThat(elsewhere.find(NAME)).isSameAs(completing);
    assertThat(DataSources.JNDI.find(NAME)).isSameAs(completing);
  }

  @Test
  void findsADataSourceByItsNameElsewhere() throws Exception {
    TestNaming.bind(NAME, own);
    assertThat(elsewhere.find(NAME)).isSameAs(own);

    TestNaming.bind(COMPLETING, "no data source");
    assertThat(elsewhere.find(NAME)).isSameAs(own);
  }

  /** Else each commit would fail, since the row would be no part of the transaction. */
  @Test
  void refusesOnPayaraANameThatHasNoSecondOne() {
    TestNaming.bind(NAME, own);

    assertThatThrownBy(() -> payara.find(NAME))
        .isInstanceOf(NamingException.class)
        .hasMessageContainingAll(COMPLETING, "as the server's resources do", "java:comp/env");
  }

  @Test
  void saysWhatANameStandsForThatIsNoDataSource() {
    TestNaming.bind(NAME, "a text");

    assertThatThrownBy(() -> elsewhere.find(NAME))
        .isInstanceOf(NamingException.class)
        .hasMessageContaining(NAME)
        .hasMessageContaining("a text");
  }

  private static DataSource dataSource() {
    return (DataSource)
        Proxy.newProxyInstance(
            DataSource.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (p, m, a) -> null);
  }
}

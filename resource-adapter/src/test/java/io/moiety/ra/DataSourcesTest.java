package io.moiety.ra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.ra.checkback.DataSources;
import java.lang.reflect.Proxy;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DataSourcesTest {

  private static final String NAME = "jdbc/data-sources-test";
  private static final String COMPLETING = NAME + "__pm";

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

    assertThat(DataSources.JNDI.find(NAME)).isSameAs(completing);
  }

  @Test
  void findsADataSourceByItsNameElsewhere() throws Exception {
    TestNaming.bind(NAME, own);
    assertThat(DataSources.JNDI.find(NAME)).isSameAs(own);

    TestNaming.bind(COMPLETING, "no data source");
    assertThat(DataSources.JNDI.find(NAME)).isSameAs(own);
  }

  @Test
  void saysWhatANameStandsForThatIsNoDataSource() {
    TestNaming.bind(NAME, "a text");

    assertThatThrownBy(() -> DataSources.JNDI.find(NAME))
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

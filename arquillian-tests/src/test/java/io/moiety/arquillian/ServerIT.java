package io.moiety.arquillian;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.annotation.Resource;
import jakarta.transaction.Status;
import jakarta.transaction.UserTransaction;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** The ground that the other in-container tests stand on: a server that runs tests inside. */
@ArquillianTest
final class ServerIT {

  @Resource private UserTransaction transaction;

  @Deployment
  static WebArchive application() {
    return ShrinkWrap.create(WebArchive.class, "server-test.war");
  }

  @Test
  void runsTestsInsideWithTransactions() throws Exception {
    transaction.begin();
    try {
      assertThat(transaction.getStatus()).isEqualTo(Status.STATUS_ACTIVE);
    } finally {
      transaction.rollback();
    }
  }
}

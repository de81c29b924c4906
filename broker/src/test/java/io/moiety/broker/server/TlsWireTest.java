package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.broker.config.ClientCertificates;
import io.moiety.broker.config.ConnectionLimits;
import io.moiety.broker.config.NetworkConfig;
import io.moiety.broker.config.TlsConfig;
import io.moiety.broker.config.TlsMode;
import io.moiety.broker.store.StoreTurn;
import io.moiety.broker.tls.Certificates;
import io.moiety.broker.tls.ServerTls;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.ResponseCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS and plain on one port, told by the first byte. */
final class TlsWireTest {
  private static final LoopTurn TURN =
      new LoopTurn(new StoreTurn(10, () -> {}, () -> {}), () -> {});

  private static final int ECHO = 7001;
  private static final ConnectionLimits LIMITS =
      new ConnectionLimits(100, 16, 8_000_000, 32_000_000);
  private static final long IDLE_MILLIS = 60_000;

  private Optional<BrokerServer> server = Optional.empty();

  @AfterEach
  void stop() {
    server.ifPresent(BrokerServer::close);
  }

  private BrokerServer start(Optional<ServerTls> tls, long idleMillis) {
    BrokerServer started =
        BrokerServer.bind(
            new NetworkConfig("127.0.0.1", 0, Optional.empty(), 1, 4_000_000, LIMITS, idleMillis),
            new Security(tls, Optional.empty()));
    started.serve(
        new RequestRouter()
            .register(
                ECHO,
                (request, connection, reply) -> reply.success(request.fields(), request.body())),
        TURN);
    server = Optional.of(started);
    return started;
  }

  private BrokerServer start(TlsMode mode, ClientCertificates clients) {
    return start(
        Optional.of(
            ServerTls.open(
                new TlsConfig(
                    mode,
                    Certificates.file("broker.pem"),
                    Certificates.file("broker-key.pem"),
                    Optional.empty(),
                    clients,
                    Optional.of(Certificates.file("authority.pem"))))),
        IDLE_MILLIS);
  }

  /** Closes what is silent, or in a handshake, for a moment. */
  private BrokerServer startImpatient() {
    return start(
        Optional.of(
            ServerTls.open(
                new TlsConfig(
                    TlsMode.PERMISSIVE,
                    Certificates.file("rsa.pem"),
                    Certificates.file("rsa-key.pem"),
                    Optional.empty(),
                    ClientCertificates.NONE,
                    Optional.empty()))),
        300);
  }

  private static SSLSocket connect(BrokerServer to, String... protocols) throws Exception {
    return connect(to, Optional.empty(), protocols);
  }

  private static SSLSocket connect(
      BrokerServer to, Optional<String> clientCertificate, String... protocols) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (InputStream in = Files.newInputStream(Certificates.file("authority.pem"))) {
      trusted.setCertificateEntry(
          "authority", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    KeyStore own = KeyStore.getInstance("PKCS12");
    char[] password = Certificates.PASSWORD.toCharArray();
    own.load(null, null);
    if (clientCertificate.isPresent()) {
      try (InputStream in = Files.newInputStream(Certificates.file(clientCertificate.get()))) {
        own.load(in, password);
      }
    }
    keys.init(own, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), to.address().getPort());
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    if (protocols.length > 0) {
      parameters.setProtocols(protocols);
    }
    socket.setSSLParameters(parameters);
    return socket;
  }

  private static Command echo(int bodyBytes) {
    return Command.request(
            ECHO, Fields.builder().put("a", "b").build(), ByteBuffer.allocate(bodyBytes))
        .withOpaque(7);
  }

  private static void assertServes(RawClient client) throws IOException {
    for (int bodyBytes : new int[] {0, 1, 100_000, 1_000_000}) {
      Command answer = client.call(echo(bodyBytes));
      assertThat(answer.code()).isEqualTo(ResponseCode.SUCCESS);
      assertThat(answer.body().remaining()).isEqualTo(bodyBytes);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void permissiveServesTlsAndPlainOnOnePort(String protocol) throws Exception {
    BrokerServer both = start(TlsMode.PERMISSIVE, ClientCertificates.NONE);
    try (RawClient plain = new RawClient(both.address());
        SSLSocket socket = connect(both, protocol);
        RawClient encrypted = new RawClient(socket)) {
      assertServes(plain);
      assertServes(encrypted);
      assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
    }
  }

  @Test
  void enforcingServesTlsAndClosesPlain() throws Exception {
    BrokerServer enforcing = start(TlsMode.ENFORCING, ClientCertificates.NONE);
    try (RawClient plain = new RawClient(enforcing.address());
        RawClient encrypted = new RawClient(connect(enforcing))) {
      plain.write(echo(0));
      assertThat(plain.isClosedByServer()).isTrue();
      assertServes(encrypted);
    }
  }

  @Test
  void withoutACertificateTlsIsRefusedWithAnAlertAndPlainIsServed() throws Exception {
    BrokerServer plainOnly = start(Optional.empty(), IDLE_MILLIS);
    try (SSLSocket socket = connect(plainOnly);
        RawClient plain = new RawClient(plainOnly.address())) {
      assertThatThrownBy(socket::startHandshake)
          .isInstanceOf(SSLException.class)
          .hasMessageContaining("handshake_failure");
      assertServes(plain);
    }
  }

  @Test
  void oldProtocolsAreRefused() throws Exception {
    BrokerServer both = start(TlsMode.PERMISSIVE, ClientCertificates.NONE);
    // The JDK's own list of what is disabled keeps TLS 1.1 from being offered, so by hand: a
    // ClientHello of TLS 1.0 without extensions.
    byte[] hello = new byte[5 + 4 + 2 + 32 + 1 + 4 + 2];
    ByteBuffer.wrap(hello)
        .put((byte) 0x16)
        .putShort((short) 0x0301)
        .putShort((short) (hello.length - 5))
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) (hello.length - 9))
        .putShort((short) 0x0301)
        .position(5 + 4 + 2 + 32)
        .put((byte) 0)
        .putShort((short) 2)
        .putShort((short) 0x002F)
        .put((byte) 1)
        .put((byte) 0);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), both.address().getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(hello);
      byte[] answer = socket.getInputStream().readAllBytes();
      assertThat(answer).as("an alert, protocol_version (70)").hasSize(7).endsWith(2, 70);
    }
  }

  @Test
  void demandedClientCertificateMustBeThereAndTrusted() throws Exception {
    BrokerServer demanding = start(TlsMode.PERMISSIVE, ClientCertificates.REQUIRE);
    try (RawClient known =
        new RawClient(connect(demanding, Optional.of("client.p12"), "TLSv1.2"))) {
      assertServes(known);
    }
    try (SSLSocket unknown = connect(demanding, "TLSv1.2")) {
      assertThatThrownBy(unknown::startHandshake).isInstanceOf(IOException.class);
    }
  }

  @Test
  void halfFinishedHandshakesAreClosedAndHoldNobodyUp() throws Exception {
    BrokerServer impatient = startImpatient();
    byte[] beginning = {0x16, 3, 1, 2, 0, 1, 0, 1};
    RawClient[] halves = new RawClient[20];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = new RawClient(impatient.address());
      halves[i].write(Arrays.copyOf(beginning, 1 + i % beginning.length));
    }
    try (RawClient plain = new RawClient(impatient.address())) {
      assertServes(plain);
    }
    for (RawClient half : halves) {
      assertThat(half.isClosedByServer()).isTrue();
      half.close();
    }
  }

  @Test
  void whatIsNoHandshakeAfterItsFirstByteClosesOnlyItsOwnConnection() throws Exception {
    BrokerServer impatient = startImpatient();
    for (byte[] wrong :
        new byte[][] {
          {0x16, 9, 9, 9, 9, 9, 9, 9},
          {0x16, 3, 1, 0, 4, 1, 0, 0, 0},
          {0x16, 3, 3, 0, 1, 0},
          {0x16, 3, 3, (byte) 0xFF, (byte) 0xFF, 1, 2, 3, 4}
        }) {
      try (RawClient client = new RawClient(impatient.address())) {
        client.write(wrong);
        client.readToTheEnd();
      }
    }
    try (RawClient witness = new RawClient(impatient.address())) {
      assertServes(witness);
    }
  }
}

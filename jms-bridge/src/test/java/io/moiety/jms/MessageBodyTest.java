package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.MessageEOFException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageNotReadableException;
import jakarta.jms.MessageNotWriteableException;
import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class MessageBodyTest {

  @Test
  void bytesMessageIsWrittenThenRead() throws Exception {
    JmsBytesMessage message = new JmsBytesMessage();
    assertThatThrownBy(message::readByte).isInstanceOf(MessageNotReadableException.class);
    assertThatThrownBy(message::getBodyLength).isInstanceOf(MessageNotReadableException.class);
    message.writeByte((byte) -1);
    message.writeShort((short) -1);
    message.reset();
    assertThatThrownBy(() -> message.writeByte((byte) 1))
        .isInstanceOf(MessageNotWriteableException.class);
    assertThat(message.getBodyLength()).isEqualTo(3);
    assertThat(message.readUnsignedByte()).isEqualTo(255);
    assertThat(message.readUnsignedShort()).isEqualTo(65_535);
    assertThatThrownBy(message::readByte).isInstanceOf(MessageEOFException.class);
    message.clearBody();
    message.writeInt(1);
    assertThatThrownBy(() -> message.writeObject(new Object()))
        .isInstanceOf(MessageFormatException.class);
    assertThatThrownBy(() -> message.writeObject(null)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void bytesAreReadInPieces() throws Exception {
    JmsBytesMessage message = new JmsBytesMessage();
    message.writeBytes(new byte[] {1, 2, 3, 4, 5}, 1, 3);
    message.reset();
    byte[] piece = new byte[2];
    assertThat(message.readBytes(piece)).isEqualTo(2);
    assertThat(piece).containsExactly(2, 3);
    assertThat(message.readBytes(piece)).isEqualTo(1);
    assertThat(message.readBytes(piece)).isEqualTo(-1);
    assertThatThrownBy(() -> message.readBytes(piece, 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void failedReadLeavesTheStreamWhereItIs() throws Exception {
    JmsStreamMessage message = new JmsStreamMessage();
    message.writeString("not a number");
    message.writeBoolean(true);
    assertThatThrownBy(message::readString).isInstanceOf(MessageNotReadableException.class);
    message.reset();
    assertThatThrownBy(message::readInt).isInstanceOf(NumberFormatException.class);
    assertThatThrownBy(message::readChar).isInstanceOf(MessageFormatException.class);
    assertThat(message.readString()).isEqualTo("not a number");
    assertThat(message.readBoolean()).isTrue();
    assertThatThrownBy(message::readBoolean).isInstanceOf(MessageEOFException.class);
  }

  @Test
  void byteArrayInStreamIsReadToItsEndBeforeTheNext() throws Exception {
    JmsStreamMessage message = new JmsStreamMessage();
    message.writeBytes(new byte[] {1, 2, 3});
    message.writeBytes(new byte[0]);
    message.writeInt(4);
    message.reset();
    byte[] piece = new byte[2];
    assertThat(message.readBytes(piece)).isEqualTo(2);
    assertThatThrownBy(message::readInt).isInstanceOf(MessageFormatException.class);
    assertThat(message.readBytes(piece)).isEqualTo(1);
    assertThat(message.readBytes(piece)).isZero();
    assertThat(message.readInt()).isEqualTo(4);
  }

  @Test
  void byteArrayOfExactlyTheGivenLengthEndsWithMinusOne() throws Exception {
    JmsStreamMessage message = new JmsStreamMessage();
    message.writeBytes(new byte[] {1, 2});
    message.writeInt(3);
    message.reset();
    assertThat(message.readBytes(new byte[2])).isEqualTo(2);
    assertThat(message.readBytes(new byte[2])).isEqualTo(-1);
    assertThat(message.readInt()).isEqualTo(3);
  }

  @Test
  void mapRefusesNamesAndTypesItCannotHold() throws Exception {
    JmsMapMessage message = new JmsMapMessage();
    assertThatThrownBy(() -> message.setInt("", 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> message.setInt(null, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> message.setObject("list", List.of()))
        .isInstanceOf(MessageFormatException.class);
    message.setBytes("bytes", new byte[] {1, 2, 3}, 1, 1);
    assertThat(message.getBytes("bytes")).containsExactly(2);
    message.received(JmsMessage.Acknowledgement.NOTHING);
    assertThatThrownBy(() -> message.setInt("n", 1))
        .isInstanceOf(MessageNotWriteableException.class);
  }

  @Test
  void objectIsTakenWhenItIsSet() throws Exception {
    ArrayList<String> list = new ArrayList<>(List.of("a"));
    JmsObjectMessage message = new JmsObjectMessage();
    message.setObject(list);
    list.add("b");
    assertThat(message.getObject()).isEqualTo(List.of("a"));
    Serializable unserializable =
        new Serializable() {
          private static final long serialVersionUID = 1L;

          @SuppressWarnings("unused") // What makes it so.
          final Object field = new Object();
        };
    assertThatThrownBy(() -> message.setObject(unserializable))
        .isInstanceOf(MessageFormatException.class);
  }

  @Test
  void objectThatCannotBeReadFitsNoType() throws Exception {
    JmsObjectMessage sent = new JmsObjectMessage();
    sent.setObject(new TreeMap<>(Map.of("a", 1)));
    JmsObjectMessage received =
        JmsObjectMessage.decode(sent.encodedBody(), false, TrustedClasses.parse(""));
    assertThat(received.isBodyAssignableTo(Serializable.class)).isFalse();
    assertThatThrownBy(() -> received.getBody(Serializable.class))
        .isInstanceOf(MessageFormatException.class);
  }

  @Test
  void partsOutsideOfTheArrayAreRefused() {
    byte[] three = new byte[3];
    assertThatThrownBy(() -> new JmsMapMessage().setBytes("b", three, 2, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> new JmsStreamMessage().writeBytes(three, 2, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> new JmsBytesMessage().writeBytes(three, 2, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void bodiesAreGivenAsTheTypesTheyFit() throws Exception {
    JmsTextMessage text = new JmsTextMessage("x");
    assertThat(text.getBody(CharSequence.class)).isEqualTo("x");
    assertThat(text.isBodyAssignableTo(Integer.class)).isFalse();
    assertThatThrownBy(() -> text.getBody(Integer.class))
        .isInstanceOf(MessageFormatException.class);
    assertThat(new JmsTextMessage(null).getBody(Integer.class)).isNull();

    JmsMapMessage map = new JmsMapMessage();
    map.setInt("n", 1);
    assertThat(map.isBodyAssignableTo(java.util.HashMap.class)).isFalse();
    assertThat(map.isBodyAssignableTo(Object.class)).isTrue();
    Map<?, ?> body = map.getBody(Map.class);
    assertThat(body.get("n")).isEqualTo(1);

    JmsBytesMessage bytes = new JmsBytesMessage();
    bytes.writeByte((byte) 7);
    assertThat(bytes.getBody(byte[].class)).containsExactly(7);
    assertThat(bytes.readByte()).isEqualTo((byte) 7);

    JmsStreamMessage stream = new JmsStreamMessage();
    assertThatThrownBy(() -> stream.getBody(Object.class))
        .isInstanceOf(MessageFormatException.class);
    assertThat(new JmsMessage().getBody(String.class)).isNull();
  }

  @Test
  void mapWithoutEntriesIsGivenAsOneAndFitsAnyType() throws Exception {
    JmsMapMessage empty = new JmsMapMessage();
    assertThat((Map<?, ?>) empty.getBody(Map.class)).isEmpty();
    assertThat(empty.getBody(String.class)).isNull();
    assertThat(empty.isBodyAssignableTo(String.class)).isTrue();
  }

  @Test
  void bodyOfMapDoesNotShareItsArrays() throws Exception {
    JmsMapMessage map = new JmsMapMessage();
    map.setBytes("b", new byte[] {1});
    ((byte[]) map.getBody(Map.class).get("b"))[0] = 2;
    assertThat(map.getBytes("b")).containsExactly(1);
  }

  /** Whose reading fails as only code of its own can. */
  static final class Unruly implements Serializable {
    private static final long serialVersionUID = 1L;

    private Object readResolve() {
      throw new IllegalArgumentException("on purpose");
    }
  }

  @Test
  void objectThatCannotBeReadSaysWhy() throws Exception {
    JmsObjectMessage sent = new JmsObjectMessage();
    sent.setObject(new TreeMap<>(Map.of("a", 1)));
    JmsObjectMessage untrusted =
        JmsObjectMessage.decode(sent.encodedBody(), false, TrustedClasses.parse(""));
    assertThatThrownBy(() -> untrusted.getBody(Serializable.class))
        .isInstanceOf(MessageFormatException.class)
        .hasMessageContaining("trustedClasses");
    sent.setObject(new Unruly());
    assertThatThrownBy(sent::getObject).isInstanceOf(MessageFormatException.class);
  }

  @Test
  void filterOfTheWholeJvmRejectsWhatTheFactoryTrusts() throws Exception {
    ObjectInputFilter ofTheJvm = ObjectInputFilter.Config.getSerialFilter();
    Assumptions.assumeTrue(ofTheJvm == null, "The JVM has a filter of its own");
    ObjectInputFilter.Config.setSerialFilter(
        info ->
            info.serialClass() == Unruly.class
                ? ObjectInputFilter.Status.REJECTED
                : ObjectInputFilter.Status.UNDECIDED);
    JmsObjectMessage sent = new JmsObjectMessage();
    sent.setObject(new Unruly());
    JmsObjectMessage received =
        JmsObjectMessage.decode(sent.encodedBody(), false, TrustedClasses.parse("*"));
    assertThatThrownBy(received::getObject)
        .isInstanceOf(MessageFormatException.class)
        .hasMessageContaining("REJECTED");
  }
}

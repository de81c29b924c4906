package io.moiety.client;

import io.moiety.protocol.RecordView;
import java.util.List;

/**
 * Messages seen by a browse.
 *
 * @param nextOffset where to go on
 * @param end there is nothing more at this time
 */
public record BrowsePage(List<RecordView> records, long nextOffset, boolean end) {

  public BrowsePage {
    records = List.copyOf(records);
  }
}

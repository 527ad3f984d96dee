package io.photophone.events.symbols;

import java.util.ArrayList;
import java.util.List;

/// A static probe that a program has built in, off until a uprobe is set there.
///
/// @param provider as `hotspot`
/// @param name as `method__compile__begin`
/// @param address that the file speaks of, after the correction for prelinked files
/// @param fileOffset of the probe's instruction, where a uprobe is set; -1 if it isn't loaded
/// @param semaphore address of the counter to raise while the probe is used, or 0
/// @param semaphoreOffset of that counter in the file; -1 if there is none
/// @param arguments as the assembler wrote them: `-4@%eax 8@152(%rdi)`
public record UsdtProbe(
    String provider,
    String name,
    long address,
    long fileOffset,
    long semaphore,
    long semaphoreOffset,
    String arguments) {

  /// Where the probe has its arguments, in order.
  public List<UsdtOperand> operands() {
    var operands = new ArrayList<UsdtOperand>();
    for (String argument : arguments.strip().split(" +", -1)) {
      if (!argument.isEmpty()) {
        operands.add(UsdtOperand.parse(argument));
      }
    }
    return operands;
  }

  /// The place of the probe as a definition of a uprobe takes it after the file's path: `0x6f16fc`
  /// or `0x6f16fc(0x1a2b3c)` with the counter.
  public String place() {
    String place = "0x%x".formatted(fileOffset);
    return semaphoreOffset < 0 ? place : "%s(0x%x)".formatted(place, semaphoreOffset);
  }
}

package dev.slimelab.engine.kernel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Packs functions written in TorchScript's own text format into the archive that
/// `torch::jit::load` reads, without Python.
///
/// Such an archive is a zip of stored entries under one folder. The text is compiled by libtorch
/// when it is loaded, in about a millisecond.
final class TorchScriptArchive {
    private static final String CLASS_NAME = "Kernels";

    private TorchScriptArchive() {}

    /// @param functions `def` statements at the left margin, each taking `self` first
    static byte[] pack(String functions) {
        String header =
                """
                class %s(Module):
                  __parameters__ = []
                  __buffers__ = []
                  training : bool
                """
                        .formatted(CLASS_NAME);
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            store(zip, "data.pkl", pickledModule());
            store(zip, "code/__torch__.py", utf8(header + functions.indent(2)));
            store(zip, "constants.pkl", pickledEmptyTuple());
            store(zip, "version", utf8("10\n"));
            store(zip, "byteorder", utf8("little"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        var entry = new ZipEntry("kernels/" + name);
        var crc = new CRC32();
        crc.update(content);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    /// An instance of the class with its one attribute `training` set to false, in pickle protocol
    /// 2: global, empty tuple, new object, dictionary of one entry, build.
    private static byte[] pickledModule() {
        var pickle = new ByteArrayOutputStream();
        pickle.writeBytes(new byte[] {(byte) 0x80, 2});
        pickle.writeBytes(utf8("c__torch__\n" + CLASS_NAME + "\n"));
        pickle.write(')');
        pickle.write(0x81);
        pickle.writeBytes(utf8("}(X"));
        pickle.writeBytes(new byte[] {8, 0, 0, 0});
        pickle.writeBytes(utf8("training"));
        pickle.write(0x89);
        pickle.writeBytes(utf8("ub."));
        return pickle.toByteArray();
    }

    private static byte[] pickledEmptyTuple() {
        return new byte[] {(byte) 0x80, 2, ')', '.'};
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

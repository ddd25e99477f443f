package dev.slimelab.engine.data;

import com.github.luben.zstd.ZstdInputStream;

import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;

/// Decompresses pages without Hadoop, whose codecs parquet-hadoop would look for otherwise.
final class ParquetCodecs implements CompressionCodecFactory {
    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return new Decompressor(codec);
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        throw new UnsupportedOperationException("Parquet files are only read");
    }

    @Override
    public void release() {}

    /// Whether pages packed so can be read.
    static boolean reads(CompressionCodecName codec) {
        return switch (codec) {
            case UNCOMPRESSED, SNAPPY, GZIP, ZSTD -> true;
            case LZO, BROTLI, LZ4, LZ4_RAW -> false;
        };
    }

    private record Decompressor(CompressionCodecName codec) implements BytesInputDecompressor {
        @Override
        public BytesInput decompress(BytesInput page, int size) throws IOException {
            return BytesInput.from(unpacked(page.toInputStream().readAllBytes(), size));
        }

        @Override
        public void decompress(ByteBuffer page, int pageSize, ByteBuffer into, int size)
                throws IOException {
            byte[] packed = new byte[pageSize];
            page.get(packed);
            into.put(unpacked(packed, size));
        }

        private byte[] unpacked(byte[] page, int size) throws IOException {
            byte[] unpacked =
                    switch (codec) {
                        case UNCOMPRESSED -> page;
                        case SNAPPY -> Snappy.uncompress(page);
                        case GZIP ->
                                read(new GZIPInputStream(new ByteArrayInputStream(page)), size);
                        case ZSTD ->
                                read(new ZstdInputStream(new ByteArrayInputStream(page)), size);
                        case LZO, BROTLI, LZ4, LZ4_RAW ->
                                throw new IllegalStateException(codec + " is refused before");
                    };
            if (unpacked.length != size) {
                throw new IOException("a page has another size than it says");
            }
            return unpacked;
        }

        private static byte[] read(InputStream stream, int size) throws IOException {
            try (stream) {
                return stream.readNBytes(size);
            }
        }

        @Override
        public void release() {}
    }
}

package engine

import "sync/atomic"

// table finds the connection of a descriptor without a lock: descriptors are small numbers, given out anew from the
// lowest.
type table struct {
	chunks [tableChunks]atomic.Pointer[tableChunk]
}

const (
	tableChunks = 1 << 10
	chunkSize   = 1 << 10
	// maxDescriptor is beyond what Linux allows a process by default (fs.nr_open).
	maxDescriptor = tableChunks * chunkSize
)

type tableChunk [chunkSize]atomic.Pointer[eventConn]

func (t *table) get(fd int) *eventConn {
	if chunk := t.chunks[fd/chunkSize].Load(); chunk != nil {
		return chunk[fd%chunkSize].Load()
	}
	return nil
}

func (t *table) set(fd int, c *eventConn) {
	slot := &t.chunks[fd/chunkSize]
	if slot.Load() == nil {
		slot.CompareAndSwap(nil, new(tableChunk))
	}
	slot.Load()[fd%chunkSize].Store(c)
}

package files

import (
	"io"
	"math"
	"os"
)

// PartOf returns what r still has as a Part, if r is one, an open regular file of the operating system, or a limited part of such,
// as package net/http sends them; else nil. The Part is read in place of r. Its reader calls done with the number of octets that have
// been: then r goes on behind them.
func PartOf(r io.Reader) (part *Part, done func(read int64)) {
	if part, ok := r.(*Part); ok {
		return part, func(int64) {}
	}
	limited, ok := r.(*io.LimitedReader)
	if !ok {
		limited = &io.LimitedReader{R: r, N: math.MaxInt64}
	}
	open, ok := limited.R.(*os.File)
	if !ok {
		return nil, nil
	}
	info, err := open.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, nil
	}
	offset, err := open.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, nil
	}
	file := &File{Size: info.Size(), name: open.Name(), content: open}
	return file.Part(offset, max(0, min(limited.N, info.Size()-offset))), func(read int64) {
		limited.N -= read
		open.Seek(offset+read, io.SeekStart)
	}
}

package files

import (
	"io"
	"io/fs"
)

// sequence is the content of a file that can only be read from its beginning on, or sought in. It belongs to one goroutine.
type sequence struct {
	fsys   fs.FS
	name   string
	file   fs.File
	offset int64 // of what file reads next
}

// ReadAt goes where it is to read by seeking if the file can do that, else by reading on, from the beginning if need be.
func (s *sequence) ReadAt(p []byte, offset int64) (n int, err error) {
	if err := s.move(offset); err != nil {
		return 0, err
	}
	n, err = io.ReadFull(s.file, p)
	s.offset += int64(n)
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	return n, err
}

func (s *sequence) move(offset int64) error {
	if offset == s.offset {
		return nil
	}
	if seeker, ok := s.file.(io.Seeker); ok {
		if _, err := seeker.Seek(offset, io.SeekStart); err == nil {
			s.offset = offset
			return nil
		}
	}
	if offset < s.offset {
		if err := s.reopen(); err != nil {
			return err
		}
	}
	n, err := io.CopyN(io.Discard, s.file, offset-s.offset)
	s.offset += n
	return err
}

func (s *sequence) reopen() error {
	file, err := s.fsys.Open(s.name)
	if err != nil {
		return err
	}
	s.file.Close()
	s.file, s.offset = file, 0
	return nil
}

func (s *sequence) Close() error { return s.file.Close() }

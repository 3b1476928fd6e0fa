//go:build linux && (amd64 || arm64 || riscv64)

package files

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"strconv"
	"syscall"
	"time"
	"unsafe"
)

// system is the operating system's own tree, with no bounds.
var system source = &place{fd: atCWD}

// place is a directory whose files are opened by openat2(2), the kernel seeing to it that no name leads out. It costs one
// call where an os.Root, which walks, has one for each name of a path, and the files need none for the runtime's poller.
type place struct {
	fd    int
	bound bool // opens nothing outside of the directory
}

// openDirectory opens a directory that nothing is opened outside of. Where the kernel (before 5.6) or a sandbox does not
// have openat2, it is an os.Root. That there are too many open files is no reason to take one for good.
func openDirectory(dir string) (source, error) {
	fd, err := syscall.Open(dir, syscall.O_RDONLY|syscall.O_DIRECTORY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: dir, Err: err}
	}
	p := &place{fd: fd, bound: true}
	probe, errno := p.openat(".", syscall.O_DIRECTORY)
	switch errno {
	case 0:
		syscall.Close(probe)
		return p, nil
	case syscall.EMFILE, syscall.ENFILE:
		p.close()
		return nil, &fs.PathError{Op: "openat2", Path: dir, Err: errno}
	}
	p.close()
	return openPortable(dir)
}

func (p *place) close() error { return syscall.Close(p.fd) }

func (p *place) look(name string) (state, error) {
	var space [pathSpace]byte
	path, errno := terminated(space[:0], name)
	var stat syscall.Stat_t
	for errno == 0 {
		_, _, errno = syscall.Syscall6(sysFstatat, uintptr(p.fd), uintptr(unsafe.Pointer(path)), uintptr(unsafe.Pointer(&stat)), 0, 0, 0)
		switch errno {
		case 0:
			return exactState(&stat), nil
		case syscall.EINTR:
			errno = 0
		}
	}
	return state{}, &fs.PathError{Op: "stat", Path: name, Err: errno}
}

func (p *place) open(name string) (content, state, error) {
	fd, errno := p.openat(name, 0)
	if errno != 0 {
		return nil, state{}, &fs.PathError{Op: "openat2", Path: name, Err: errno}
	}
	var stat syscall.Stat_t
	err := error(syscall.EINTR)
	for err == syscall.EINTR {
		err = syscall.Fstat(fd, &stat)
	}
	if err != nil {
		syscall.Close(fd)
		return nil, state{}, &fs.PathError{Op: "fstat", Path: name, Err: err}
	}
	return descriptor(fd), exactState(&stat), nil
}

func (p *place) list(name string) ([]fs.DirEntry, error) {
	fd, errno := p.openat(name, syscall.O_DIRECTORY)
	if errno != 0 {
		return nil, &fs.PathError{Op: "openat2", Path: name, Err: errno}
	}
	file := os.NewFile(uintptr(fd), name)
	defer file.Close()
	return file.ReadDir(-1)
}

const (
	atCWD = -100 // AT_FDCWD: relative paths begin at the working directory

	sysOpenat2     = 437
	noMagicLinks   = 0x02 // RESOLVE_NO_MAGICLINKS: none of the links in /proc that lead past all names
	resolveBeneath = 0x08 // RESOLVE_BENEATH: no "..", absolute or symbolic link that leads out

	pathSpace  = 256 // names shorter than this are not copied to the heap
	maxRetries = 64
)

// openHow is struct open_how of openat2(2).
type openHow struct{ flags, mode, resolve uint64 }

// openat opens name for reading. With EAGAIN the kernel says that it cannot be sure of ".." since something has been moved
// meanwhile; it is asked again.
func (p *place) openat(name string, flags int) (fd int, errno syscall.Errno) {
	var space [pathSpace]byte
	path, errno := terminated(space[:0], name)
	if errno != 0 {
		return -1, errno
	}
	flags |= syscall.O_RDONLY | syscall.O_CLOEXEC | syscall.O_NONBLOCK | syscall.O_NOCTTY
	how := openHow{flags: uint64(flags), resolve: resolveBeneath | noMagicLinks}
	for range maxRetries {
		var n uintptr
		if p.bound {
			n, _, errno = syscall.Syscall6(sysOpenat2, uintptr(p.fd), uintptr(unsafe.Pointer(path)),
				uintptr(unsafe.Pointer(&how)), unsafe.Sizeof(how), 0, 0)
		} else {
			n, _, errno = syscall.Syscall6(syscall.SYS_OPENAT, uintptr(p.fd), uintptr(unsafe.Pointer(path)), uintptr(flags), 0, 0, 0)
		}
		if errno != syscall.EAGAIN && errno != syscall.EINTR {
			return int(n), errno
		}
	}
	return -1, errno
}

// terminated appends name with a NUL behind it to b, which has room for most names.
func terminated(b []byte, name string) (*byte, syscall.Errno) {
	for i := range len(name) {
		if name[i] == 0 {
			return nil, syscall.EINVAL
		}
	}
	b = append(append(b, name...), 0)
	return unsafe.SliceData(b), 0
}

func exactState(stat *syscall.Stat_t) state {
	s := state{
		size:    stat.Size,
		modTime: time.Unix(stat.Mtim.Sec, stat.Mtim.Nsec),
		exact:   true,
		device:  stat.Dev,
		inode:   stat.Ino,
		changed: time.Unix(stat.Ctim.Sec, stat.Ctim.Nsec),
	}
	switch stat.Mode & syscall.S_IFMT {
	case syscall.S_IFREG:
		s.kind = regular
	case syscall.S_IFDIR:
		s.kind = directory
	}
	return s
}

// descriptor is the content of a file that package os knows nothing of: it is in no poller, and nobody closes it if it is
// forgotten.
type descriptor int

func (d descriptor) ReadAt(p []byte, offset int64) (n int, err error) {
	for n < len(p) {
		m, err := syscall.Pread(int(d), p[n:], offset+int64(n))
		switch {
		case err == syscall.EINTR:
		case err != nil:
			return n, os.NewSyscallError("pread", err)
		case m == 0:
			return n, io.EOF
		default:
			n += m
		}
	}
	return n, nil
}

func (d descriptor) Close() error {
	if err := syscall.Close(int(d)); !errors.Is(err, syscall.EINTR) { // Linux has closed it then, too
		return err
	}
	return nil
}

func (d descriptor) fd() (uintptr, bool) { return uintptr(d), true }

// file gives the descriptor to package os.
func (d descriptor) file(name string) content { return os.NewFile(uintptr(d), name) }

// reopen opens the same file once more, with an offset of its own. It returns nil where there is no /proc.
func (d descriptor) reopen(name string) content {
	fd, err := syscall.Open("/proc/self/fd/"+strconv.Itoa(int(d)), syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	return descriptor(fd).file(name)
}

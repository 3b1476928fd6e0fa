package files

import (
	"io/fs"
	"os"
)

// opener is what an os.Root and the operating system itself have in common.
type opener interface {
	Stat(name string) (fs.FileInfo, error)
	OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error)
}

// portable is a directory whose files package os opens.
type portable struct{ opener }

func (d portable) look(name string) (state, error) {
	info, err := d.Stat(name)
	if err != nil {
		return state{}, err
	}
	return stateOf(info), nil
}

func (d portable) open(name string) (content, state, error) {
	file, err := d.OpenFile(name, os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		return nil, state{}, err
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return nil, state{}, err
	}
	return file, stateOf(info), nil
}

func (d portable) list(name string) ([]fs.DirEntry, error) {
	file, err := d.OpenFile(name, os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return file.ReadDir(-1)
}

func (d portable) close() error {
	if root, ok := d.opener.(*os.Root); ok {
		return root.Close()
	}
	return nil
}

// openPortable opens a directory that nothing is opened outside of, by os.Root.
func openPortable(dir string) (source, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return portable{root}, nil
}

//! Rows' bytes: blocks of a few sizes in pages of 16 KiB. A page holds blocks of one size and goes
//! back when its last block does, so memory that small rows leave serves large ones.

/// The address of a row's block.
pub type Row = u32;

const PAGE: usize = 16 * 1024;
const GRANULE: usize = 4;
/// Bits of an address that say where in the page the block begins, in granules.
const OFFSET_BITS: u32 = 12;
/// Set in the address of a block that has an allocation to itself.
const LARGE: u32 = 1 << 31;
/// Largest block kept in pages.
const PAGED: usize = 4096;
/// Up to here sizes go by granules, beyond it by eighths of a power of two.
const FINE: usize = 256;
const CLASSES: usize = FINE / GRANULE + 8 * 4 + 1;
const NONE: u32 = u32::MAX;
/// Empty pages kept for the next row instead of being given back.
const SPARE: usize = 4;

/// The size of the block that `size` bytes get.
#[inline(always)]
#[must_use]
pub fn block_size(size: usize) -> usize {
    let size = size.max(4 * GRANULE);
    let step = match size {
        0..=FINE => GRANULE,
        257..=PAGED => size.wrapping_sub(1).checked_ilog2().map_or(GRANULE, |log| 1 << log.wrapping_sub(3)),
        _ => 16,
    };
    size.checked_next_multiple_of(step).unwrap_or(usize::MAX)
}

/// The number of a block size; sizes of at most [`FINE`] and of at most [`PAGED`] share no number.
fn class_of(block: usize) -> usize {
    if block <= FINE {
        return block / GRANULE;
    }
    let log = block.wrapping_sub(1).ilog2();
    let eighth = (block.wrapping_sub(1) >> log.wrapping_sub(3)) & 7;
    let octave = log.wrapping_sub(FINE.ilog2()) as usize;
    (FINE / GRANULE).wrapping_add(octave.wrapping_mul(8)).wrapping_add(eighth).wrapping_add(1)
}

/// What reading a row asks of its page: little, so that more pages' stay in the cache.
#[derive(Debug)]
struct Page {
    bytes: Box<[u8]>,
    block: u32,
}

/// Which of a page's blocks are given out, and where the page stands among those that have free ones.
#[derive(Debug)]
struct Filling {
    used: u32,
    /// Where the first block that was given back begins; its first 4 bytes say where the next does.
    free: u32,
    /// Where the part of the page that was never given out begins.
    fresh: u32,
    previous: u32,
    next: u32,
}

/// Blocks by address.
#[derive(Debug)]
pub struct Slab {
    pages: Vec<Page>,
    /// By the same numbers.
    fillings: Vec<Filling>,
    /// First page with a free block, by class.
    open: [u32; CLASSES],
    empty: Vec<u32>,
    spare: usize,
    large: Vec<Vec<u8>>,
    large_empty: Vec<u32>,
    /// So many pages memory was made to grow for.
    ahead: usize,
}

impl Default for Slab {
    fn default() -> Self {
        Self {
            pages: Vec::new(),
            fillings: Vec::new(),
            open: [NONE; CLASSES],
            empty: Vec::new(),
            spare: 0,
            large: Vec::new(),
            large_empty: Vec::new(),
            ahead: 0,
        }
    }
}

impl Slab {
    /// A zeroed block of `block_size(size)` bytes; `None` when memory is refused.
    #[allow(clippy::cast_possible_truncation)]
    pub fn alloc(&mut self, size: usize) -> Option<Row> {
        let block = block_size(size);
        if block > PAGED {
            return self.alloc_large(block);
        }
        let class = class_of(block);
        let mut number = *self.open.get(class)?;
        if number == NONE {
            number = self.open_page(block as u32, class)?;
        }
        let page = self.pages.get_mut(number as usize)?;
        let filling = self.fillings.get_mut(number as usize)?;
        let at = if filling.free == NONE {
            let at = filling.fresh;
            filling.fresh = at.wrapping_add(page.block);
            at
        } else {
            let at = filling.free;
            let link = page.bytes.get_mut(at as usize..)?.first_chunk_mut::<4>()?;
            filling.free = u32::from_le_bytes(*link);
            *link = [0; 4];
            at
        };
        filling.used = filling.used.wrapping_add(1);
        if filling.free == NONE && filling.fresh.wrapping_add(page.block) as usize > PAGE {
            self.unlink(number, class);
        }
        Some((number << OFFSET_BITS) | (at >> GRANULE.ilog2()))
    }

    #[allow(clippy::cast_possible_truncation)]
    fn alloc_large(&mut self, block: usize) -> Option<Row> {
        let bytes = zeroed(block)?;
        if let Some(number) = self.large_empty.pop() {
            *self.large.get_mut(number as usize)? = bytes;
            return Some(number | LARGE);
        }
        self.large.try_reserve(1).ok()?;
        // So that giving the block back needs no memory.
        self.large_empty.try_reserve(self.large.len().wrapping_add(1)).ok()?;
        let number = self.large.len() as u32;
        self.large.push(bytes);
        Some(number | LARGE)
    }

    #[allow(clippy::cast_possible_truncation)]
    fn open_page(&mut self, block: u32, class: usize) -> Option<u32> {
        let number = if let Some(&number) = self.empty.last() {
            let page = self.pages.get_mut(number as usize)?;
            if page.bytes.is_empty() {
                page.bytes = zeroed(PAGE)?.into_boxed_slice();
            } else {
                self.spare = self.spare.wrapping_sub(1);
            }
            self.empty.pop();
            number
        } else {
            let number = self.pages.len() as u32;
            if number >= LARGE >> OFFSET_BITS {
                return None;
            }
            self.pages.try_reserve(1).ok()?;
            self.fillings.try_reserve(1).ok()?;
            self.empty.try_reserve(self.pages.len().wrapping_add(1)).ok()?;
            self.look_ahead();
            let bytes = zeroed(PAGE)?.into_boxed_slice();
            self.pages.push(Page { bytes, block });
            self.fillings.push(Filling { used: 0, free: NONE, fresh: 0, previous: NONE, next: NONE });
            number
        };
        self.pages.get_mut(number as usize)?.block = block;
        let filling = self.fillings.get_mut(number as usize)?;
        (filling.used, filling.free, filling.fresh) = (0, NONE, 0);
        self.link(number, class);
        Some(number)
    }

    /// Makes memory grow in steps of a share of what there is: each step costs JavaScript a new view of it
    /// and, in V8, often a full collection. Where there is no more, pages are taken one by one.
    fn look_ahead(&mut self) {
        const SHARE: usize = 32;
        const MOST: usize = 128;
        if self.pages.len() < self.ahead {
            return;
        }
        let step = (self.pages.len() / SHARE).clamp(4, MOST);
        self.ahead = self.pages.len().wrapping_add(step);
        let mut room: Vec<u8> = Vec::new();
        // Asked for and given back at once: it stays the module's.
        let _ = room.try_reserve_exact(step.wrapping_mul(PAGE));
    }

    /// Overwrites a block with zeros and gives it back.
    #[allow(clippy::cast_possible_truncation)]
    pub fn free(&mut self, row: Row) {
        if row & LARGE != 0 {
            if let Some(bytes) = self.large.get_mut((row & !LARGE) as usize) {
                bytes.fill(0);
                *bytes = Vec::new();
                self.large_empty.push(row & !LARGE);
            }
            return;
        }
        let (number, at) = place(row);
        let Some(page) = self.pages.get_mut(number) else { return };
        let Some(filling) = self.fillings.get_mut(number) else { return };
        let block = page.block as usize;
        let was_full = filling.free == NONE && (filling.fresh as usize).wrapping_add(block) > PAGE;
        filling.used = filling.used.wrapping_sub(1);
        if let Some(bytes) = page.bytes.get_mut(at..at.wrapping_add(block)) {
            bytes.fill(0);
            if let Some(link) = bytes.first_chunk_mut::<4>() {
                *link = filling.free.to_le_bytes();
            }
        }
        filling.free = at as u32;
        let (unused, class) = (filling.used == 0, class_of(block));
        if was_full {
            self.link(number as u32, class);
        }
        if unused {
            self.unlink(number as u32, class);
            self.close_page(number);
        }
    }

    #[allow(clippy::cast_possible_truncation)]
    fn close_page(&mut self, number: usize) {
        let keep = self.spare < SPARE;
        let Some(page) = self.pages.get_mut(number) else { return };
        if keep {
            page.bytes.fill(0);
            self.spare = self.spare.wrapping_add(1);
            self.empty.push(number as u32);
        } else {
            page.bytes = Box::default();
            // Pages that still have their bytes stand last and are taken first.
            self.empty.insert(0, number as u32);
        }
    }

    fn link(&mut self, number: u32, class: usize) {
        let Some(first) = self.open.get_mut(class) else { return };
        let next = core::mem::replace(first, number);
        if let Some(filling) = self.fillings.get_mut(next as usize) {
            filling.previous = number;
        }
        if let Some(filling) = self.fillings.get_mut(number as usize) {
            (filling.previous, filling.next) = (NONE, next);
        }
    }

    fn unlink(&mut self, number: u32, class: usize) {
        let Some(filling) = self.fillings.get(number as usize) else { return };
        let (previous, next) = (filling.previous, filling.next);
        if let Some(filling) = self.fillings.get_mut(next as usize) {
            filling.previous = previous;
        }
        if let Some(filling) = self.fillings.get_mut(previous as usize) {
            filling.next = next;
        } else if let Some(first) = self.open.get_mut(class) {
            *first = next;
        }
    }

    /// The block's bytes; empty for an address that was never given.
    #[must_use]
    pub fn block(&self, row: Row) -> &[u8] {
        self.block_inline(row)
    }

    /// As [`Slab::block`], for the way of every look-up, on which a call counts.
    #[inline(always)]
    pub(crate) fn block_inline(&self, row: Row) -> &[u8] {
        if row & LARGE != 0 {
            return self.large_block(row);
        }
        let (number, at) = place(row);
        let Some(page) = self.pages.get(number) else { return &[] };
        page.bytes.get(at..at.wrapping_add(page.block as usize)).unwrap_or(&[])
    }

    /// As [`Slab::block`], for an address that a block had once: empty unless one begins there now.
    #[inline(always)]
    pub(crate) fn block_at(&self, row: Row) -> &[u8] {
        let block = self.block_inline(row);
        let (_, at) = place(row);
        if row & LARGE == 0 && at.checked_rem(block.len()) != Some(0) { &[] } else { block }
    }

    #[cold]
    fn large_block(&self, row: Row) -> &[u8] {
        self.large.get((row & !LARGE) as usize).map_or(&[], Vec::as_slice)
    }

    /// The block's bytes, to write.
    #[inline]
    pub fn block_mut(&mut self, row: Row) -> &mut [u8] {
        if row & LARGE != 0 {
            return self.large.get_mut((row & !LARGE) as usize).map_or(&mut [], Vec::as_mut_slice);
        }
        let (number, at) = place(row);
        let Some(page) = self.pages.get_mut(number) else { return &mut [] };
        page.bytes.get_mut(at..at.wrapping_add(page.block as usize)).unwrap_or(&mut [])
    }

    /// Overwrites everything with zeros and gives it back.
    pub fn clear(&mut self) {
        for page in &mut self.pages {
            page.bytes.fill(0);
        }
        for bytes in &mut self.large {
            bytes.fill(0);
        }
        *self = Self::default();
    }
}

#[inline(always)]
const fn place(row: Row) -> (usize, usize) {
    const OFFSET: u32 = u32::MAX >> (u32::BITS - OFFSET_BITS);
    ((row >> OFFSET_BITS) as usize, ((row & OFFSET) as usize) << GRANULE.ilog2())
}

fn zeroed(size: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(size).ok()?;
    bytes.resize(size, 0);
    Some(bytes)
}
